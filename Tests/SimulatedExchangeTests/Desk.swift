import CoreModels
import MarketSources
import Testing
import WireFormats

@testable import SimulatedExchange

/// A simulated exchange with one client, or several, and a clock that the test moves.
struct Desk {
    static let start: Int64 = 1_790_000_000_000

    var exchange: SimulatedExchange
    var now: Moment
    /// Everything that came out, in order.
    var outputs: [Output] = []

    init(seed: UInt64 = 1, contracts: Int = 0, origin: Int64 = start, at market: Int64 = start)
        throws
    {
        now = Moment(market: market, wall: 0)
        let origin = Timestamp(milliseconds: origin)
        exchange = try SimulatedExchange(
            prices: SeededPrices(seed: seed, origin: origin, contracts: contracts), seed: seed,
            start: origin, at: now)
    }

    /// Lets both clocks run in steps, the market's `speed` times as fast.
    mutating func run(_ wall: Int64, step: Int64 = 50, speed: Int64 = 1) throws {
        let end = now.wall + wall
        while now.wall < end {
            let passed = min(step, end - now.wall)
            now.wall += passed
            now.market += passed * speed
            try exchange.step(to: now)
            outputs += exchange.takeOutputs()
        }
    }

    mutating func connect(_ connection: Int = 1) {
        exchange.connected(connection)
        outputs += exchange.takeOutputs()
    }

    mutating func send(_ text: String, from connection: Int = 1) {
        exchange.received(Array(text.utf8), from: connection)
        outputs += exchange.takeOutputs()
    }

    mutating func subscribe(_ method: String, _ parameters: String, from connection: Int = 1) {
        send(#"{"method":"sub.\#(method)","param":{\#(parameters)}}"#, from: connection)
    }

    /// The frames a client has had, as they are.
    func texts(of connection: Int = 1) -> [[UInt8]] {
        outputs.compactMap {
            if case .text(let bytes, connection) = $0 { bytes } else { nil }
        }
    }

    /// The frames of a channel that a client has had.
    func frames(_ channel: String, of connection: Int = 1) throws -> [Value] {
        try texts(of: connection)
            .map { try JSONDocument.parse($0, limit: JSONReader.frameLimit) }
            .filter { $0["channel"].text == channel }
    }

    mutating func get(_ path: String) throws -> Value {
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        let request = HTTPRequest(
            method: "GET", path: parts[0], query: parts.count > 1 ? parts[1] : "")
        let answer = exchange.answer(request)
        return try JSONDocument.parse(answer.response.body, limit: JSONReader.frameLimit)
    }

    mutating func fault(_ json: String) throws {
        exchange.order(try FaultOrder(json: Array(json.utf8)))
    }
}

extension Value {
    /// The number in raw form, whichever way it was written.
    var raw: Int128? { fixed(RatioUnit.self)?.raw }
}

/// A book as a client keeps it: price (raw) to contracts.
struct KeptBook: Equatable {
    var version: Int64 = 0
    var asks: [Int128: Int64] = [:]
    var bids: [Int128: Int64] = [:]

    mutating func apply(_ data: Value) throws {
        version = try #require(data["version"].integer)
        try Self.apply(data["asks"], to: &asks)
        try Self.apply(data["bids"], to: &bids)
    }

    private static func apply(_ levels: Value, to side: inout [Int128: Int64]) throws {
        for level in try #require(levels.list) {
            let level = try #require(level.list)
            let price = try #require(level[0].raw)
            let contracts = try #require(level[1].integer)
            side[price] = contracts == 0 ? nil : contracts
        }
    }
}
