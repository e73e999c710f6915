import CoreModels

/// Short ways to write numbers, symbols and events in the tests of screener, signal and execution.
enum Make {
    static func fixed<Unit>(_ text: String, _ unit: Unit.Type = Unit.self) -> Fixed<Unit> {
        guard let value = Fixed<Unit>(text) else { preconditionFailure("no number: \(text)") }
        return value
    }

    static func symbol(_ text: String = "BTC_USDT") -> Symbol {
        guard let symbol = Symbol(text) else { preconditionFailure("no symbol: \(text)") }
        return symbol
    }

    static func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    static func data(
        _ symbol: String = "BTC_USDT", at time: Int64 = 0, price: String = "45000",
        bid: String? = nil, ask: String? = nil, volume: String = "250000", pct: String = "0",
        interval: String = "15m", reference: MarketReference? = nil
    ) -> MarketData {
        MarketData(
            symbol: Make.symbol(symbol), timestamp: at(time), price: fixed(price),
            bid: bid.map { fixed($0) }, ask: ask.map { fixed($0) }, volume: fixed(volume),
            pctChange: fixed(pct), interval: interval, source: .manual, reference: reference)
    }

    static func order(
        _ number: Int64 = 1, _ side: Side = .buy, _ quantity: String = "0.01",
        symbol: String = "BTC_USDT", client: String? = nil, reduceOnly: Bool = false,
        at time: Int64 = 0
    ) -> Order {
        let envelope = Envelope(
            sequence: number, id: "orders-\(number)", cause: "risk_decisions-\(number)",
            trace: "signals-\(number)")
        return Order(
            envelope: envelope, orderID: envelope.id, clientID: client ?? "cdb-\(number)",
            symbol: Make.symbol(symbol), side: side, quantity: fixed(quantity),
            reduceOnly: reduceOnly, timestamp: at(time))
    }
}

extension DecisionCore {
    /// Feeds one fact and gives what it led to.
    mutating func take(_ fact: Fact, at milliseconds: Int64) -> [Event] {
        var events: [Event] = []
        handle(fact, at: Timestamp(milliseconds: milliseconds), into: &events)
        return events
    }

    /// One market_data at its own time, as in a replay.
    mutating func take(_ data: MarketData) -> [Event] {
        take(.marketData(data), at: data.timestamp.milliseconds)
    }
}

/// A seeded source of test input (SplitMix64).
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ (bits >> 31)) % UInt64(limit))
    }
}

/// A state store that only ever sees the keys a core says have changed.
struct ShadowStore {
    private(set) var values: [String: Value] = [:]

    mutating func save(_ core: inout some DecisionCore) {
        for key in core.takeChangedKeys() { values[key] = core.state(of: key) }
    }

    /// Restores in sorted order; the keys that were not understood.
    func restore(into core: inout some DecisionCore) -> [String] {
        values.sorted { $0.key < $1.key }
            .filter { !core.restore($0.key, $0.value) }.map(\.key)
    }
}
