import CoreModels
import Exchange
import ServiceKit
import WebTransport

/// The exchange's socket: what `FeedSession` decides, done with a `WebSocketClient`.
final class SocketLink {
    /// A fact with the time of its receipt.
    struct Arrival {
        var fact: ExchangeFact
        /// Wall clock, milliseconds.
        var receivedAt: Int64
        /// Monotonic clock, nanoseconds.
        var monotonic: Int64
        /// Of a pong: when its ping was sent, wall clock.
        var pingSentAt: Int64?
    }

    /// Messages one turn takes at the most.
    private static let batch = 256
    /// What a gzip frame may hold.
    private static let frameLimit = 2 << 20
    /// Larger than any frame that was seen, in bytes: taken, and counted.
    private static let bigFrame = 1 << 20
    private static let reasonLimit = 120
    /// A pong that takes longer, in milliseconds, is counted.
    private static let latePong: Int64 = 1_000

    private let client: WebSocketClient
    private let exchange: any ExchangeAdapter
    private let metrics: FeedMetrics
    private let logger: Logger
    private var session: FeedSession
    /// When the pings without pong were sent, wall clock.
    private var pings: [Int64] = []
    /// Requests without acknowledgement.
    private var unacknowledged = 0
    /// The market is to be anchored over REST.
    private var wantsAnchor = false
    private var wasOpen = false
    /// What a connection ended of, until it is told.
    private var loss: (code: String, reason: String)?

    init(
        url: String, exchange: any ExchangeAdapter, seed: UInt64, metrics: FeedMetrics,
        logger: Logger
    ) throws(WebTransportError) {
        client = try WebSocketClient(url: url)
        self.exchange = exchange
        self.metrics = metrics
        self.logger = logger
        session = FeedSession(seed: seed, exchange: exchange)
    }

    var pollEntry: PollEntry { PollEntry(client.fileDescriptor, .readable) }
    func nextDeadline(_ now: Int64) -> Int64 { session.nextDeadline(now: now) }
    func status(_ now: Int64) -> FeedStatus { session.status(now: now) }
    func stop() { client.stop() }

    func want(_ symbols: [Symbol], _ now: Int64) {
        perform(session.handle(.want(books: symbols, trades: symbols), now: now))
    }

    func anchored(_ now: Int64) { perform(session.handle(.anchored, now: now)) }

    func anchorFailed(_ reason: String, _ now: Int64) {
        perform(session.handle(.anchorFailed(reason), now: now))
    }

    /// Whether the market is to be anchored over REST, once.
    func takeAnchor() -> Bool {
        defer { wantsAnchor = false }
        return wantsAnchor
    }

    /// Why a connection ended since the last call.
    func takeLoss() -> (code: String, reason: String)? {
        defer { loss = nil }
        return loss
    }

    /// Does what is due, and hands on what came.
    func turn(_ now: Int64, _ deliver: (Arrival) -> Void) {
        for event in client.takeEvents(limit: Self.batch) {
            switch event {
            case .opened: opened(now)
            case .closed(let code, let reason, let kind):
                loss = (kind?.rawValue.uppercased() ?? "CLOSED_\(code)", reason)
                metrics.fault("closed_\(kind?.rawValue ?? "\(code)")")
                perform(session.handle(.closed(reason), now: now))
            case .message(let bytes, let isBinary, let receivedAt, let monotonic):
                guard let fact = fact(bytes, isBinary) else { continue }
                var arrival = Arrival(fact: fact, receivedAt: receivedAt, monotonic: monotonic)
                note(&arrival)
                perform(session.handle(.received(fact), now: now))
                deliver(arrival)
            }
        }
        perform(session.handle(.clock, now: now))
    }

    private func opened(_ now: Int64) {
        if wasOpen { metrics.reconnects.increment() }
        wasOpen = true
        pings = []
        unacknowledged = 0
        logger.info("exchange_connected", "the exchange's socket is open")
        perform(session.handle(.opened, now: now))
    }

    /// What a message says of the connection itself.
    private func note(_ arrival: inout Arrival) {
        switch arrival.fact {
        case .pong:
            guard !pings.isEmpty else { return metrics.fault("unexpected_pong") }
            let sentAt = pings.removeFirst()
            arrival.pingSentAt = sentAt
            let roundTrip = arrival.receivedAt - sentAt
            metrics.set(.pingRoundTrip, Double(roundTrip) / 1000)
            if roundTrip > Self.latePong { metrics.fault("late_pong") }
        case .acknowledged:
            if unacknowledged == 0 { metrics.fault("unexpected_acknowledgement") }
            unacknowledged = max(0, unacknowledged - 1)
        case .trades(_, _, inOldForm: true): metrics.fault("old_deal_form")
        case .unknown(let name): bad("unknown_channel", "nobody here knows \(name)")
        case .instruments, .tickers, .book, .snapshot, .trades, .candles, .fundingRates,
            .serverTime, .complaint:
            break
        }
    }

    private func fact(_ bytes: [UInt8], _ isBinary: Bool) -> ExchangeFact? {
        var plain = bytes
        if bytes.count > Self.bigFrame { metrics.fault("big_frame") }
        if isBinary, bytes.starts(with: [0x1F, 0x8B]) {
            guard let unpacked = Gunzip.unpack(bytes, limit: Self.frameLimit) else {
                bad("damaged_gzip", "a frame of \(bytes.count) bytes is no whole gzip")
                return nil
            }
            metrics.fault("gzip_frame")
            plain = unpacked
        }
        do {
            return try exchange.decode(frame: plain.span.bytes)
        } catch {
            bad("frame_\(error.reason.rawValue)", "\(error)")
            return nil
        }
    }

    private func bad(_ kind: String, _ message: String) {
        metrics.fault(kind)
        logger.limited(kind, .warning, "exchange_message", message)
    }

    private func perform(_ outputs: [FeedSession.Output]) {
        for output in outputs {
            switch output {
            case .connect: client.connect()
            case .send(let request):
                if request == .ping {
                    pings.append(SystemClock.now().milliseconds)
                } else {
                    unacknowledged += 1
                }
                client.send(exchange.encode(request))
            case .close(let reason):
                let short = reason.utf8.prefix(Self.reasonLimit)
                client.close(reason: String(decoding: short, as: UTF8.self))
            case .anchor: wantsAnchor = true
            case .note(let note):
                metrics.fault(note.kind)
                logger.limited("note_" + note.kind, .warning, note.kind, "\(note)")
            }
        }
    }
}
