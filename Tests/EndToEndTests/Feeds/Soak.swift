import CoreModels
import ServiceKit
import Testing

/// The whole stack on a simulated exchange, low thresholds so that orders flow, and one fault after
/// the other.
final class Soak {
    /// A fault as it went.
    struct Outcome {
        var fault: SoakFault
        /// Milliseconds from its end until the whole market and the books were back.
        var gap: Int64
    }

    static let settings = [
        "SIGNAL_THRESHOLD_PCT": "0.05", "SIGNAL_MIN_VOLUME": "1", "SIGNAL_COOLDOWN_SEC": "2",
        "INITIAL_CAPITAL": "1000000", "MAX_POSITION_PCT": "0.01", "MAX_OPEN_POSITIONS": "20",
        "MAX_DAILY_DRAWDOWN_PCT": "0.20", "DATA_STALE_TIMEOUT_SEC": "30",
        "PAPER_SPREAD_BPS": "0", "PAPER_SLIPPAGE_BPS": "0",
    ]

    private static let answers =
        #"cdb_rest_requests_total{endpoint="ticker",status_code="200"}"#

    let stack: Stack
    let witness: SoakWitness
    private let simulator: RunningSimulator
    private let feeds: [String: RunningService]
    /// For the data to be back, in seconds.
    private let patience: Double
    private var warmBytes: [String: Double] = [:]

    init(patience: Double) throws {
        self.patience = patience
        simulator = try RunningSimulator()
        let stack = try Stack(settings: Self.settings)
        self.stack = stack
        witness = SoakWitness(try stack.listen(to: SoakWitness.channels))
        let environment = stack.environment.merging([
            "MEXC_WS_URL": "ws://127.0.0.1:\(simulator.port)/edge",
            "MEXC_REST_URL": "http://127.0.0.1:\(simulator.port)",
        ]) { $1 }
        feeds = try Dictionary(
            uniqueKeysWithValues: ["cdb_ws", "cdb_rest"].map { name in
                (name, try stack.startOther(name, environment))
            })
    }

    private func feed(_ name: String) -> RunningService {
        guard let feed = feeds[name] else { preconditionFailure("\(name) is no feed") }
        return feed
    }

    /// Waits, listening to the bus; the services' last words are part of the error.
    private func wait(_ what: String, seconds: Double, until condition: () throws -> Bool) throws {
        var lastLook: Int64 = 0
        try stack.wait(what, seconds: seconds) {
            witness.listen()
            let now = SystemClock.monotonicMilliseconds
            guard now - lastLook >= 50 else { return false }
            lastLook = now
            return try condition()
        }
    }

    // MARK: - Whether the data are there

    func begin() throws {
        try wait("orders flow on quotes", seconds: 60) { witness.fillsOnQuote > 0 }
        witness.startOver()
        let now = SystemClock.monotonicMilliseconds
        try wait("the market and its books are there", seconds: 60) { try isWhole(since: now) }
    }

    /// The whole market and most of the books have come since then, on `/status` and on the bus.
    private func isWhole(since start: Int64) throws -> Bool {
        let status = try feed("cdb_ws").document("/status")
        let age = SystemClock.monotonicMilliseconds - start
        let fresh = (status["subscriptions"].list ?? []).filter { stream in
            stream["age_ms"].integer.map { $0 < age } ?? false
        }
        let books = status["books"]
        let most = (books["followed"].integer ?? 0) * 8 / 10
        let half = (status["contracts"]["tradable"].integer ?? 0) / 2
        return most > 0 && fresh.contains { $0["stream"].text == "tickers" }
            && fresh.count { $0["stream"].text == "book" } >= most
            && books["quoted"].integer ?? 0 >= most
            && witness.quoted.count >= most && witness.published.count >= half
    }

    // MARK: - Faults

    /// One fault, from its order until its metric has moved and the data are back.
    func undergo(_ fault: SoakFault) throws -> Outcome {
        let feed = feed(fault.feed)
        let before = feed.total(fault.metric, fault.label)
        try order(fault.order)
        if fault.needsConnection { try order(#"{"fault":"cut_mid_frame"}"#) }
        let end = SystemClock.monotonicMilliseconds + fault.milliseconds
        try wait("\(fault.name) is over", seconds: Double(fault.milliseconds) / 1000 + 5) {
            SystemClock.monotonicMilliseconds >= end
        }
        witness.startOver()
        let answers = feed.metric(Self.answers) ?? 0
        try wait("the data are back after \(fault.name)", seconds: patience) {
            guard fault.feed == "cdb_ws" else {
                return feed.metric(Self.answers) ?? 0 > answers
            }
            return try isWhole(since: end)
        }
        let gap = SystemClock.monotonicMilliseconds - end
        try wait("\(fault.name) moves \(fault.series)", seconds: 10) {
            feed.total(fault.metric, fault.label) > before
        }
        return Outcome(fault: fault, gap: gap)
    }

    private func order(_ fault: String) throws {
        guard try simulator.fault(fault) == 202 else {
            throw Stack.NotSeen(description: "mexc_sim refuses \(fault)")
        }
    }

    /// Listens until then.
    func rest(until moment: Int64) throws {
        try wait("time passes", seconds: 60) { SystemClock.monotonicMilliseconds >= moment }
    }

    // MARK: - The processes

    /// What they hold from now on counts as usual.
    func noteMemory() { warmBytes = residentBytes }

    /// Services that hold more than so many bytes beyond what they held then, in words.
    func grown(beyond limit: Double) -> [String] {
        residentBytes.sorted { $0.key < $1.key }.compactMap { name, bytes in
            let before = warmBytes[name] ?? 0
            guard bytes > before + limit else { return nil }
            return "\(name) went from \(Int(before) >> 10) to \(Int(bytes) >> 10) KiB"
        }
    }

    private var all: [RunningService] { Array(stack.services.values) + Array(feeds.values) }

    var dead: [String] { all.filter { !$0.isRunning }.map(\.name) }

    var residentBytes: [String: Double] {
        Dictionary(
            uniqueKeysWithValues: all.map {
                ($0.name, $0.metric("process_resident_memory_bytes") ?? 0)
            })
    }
}
