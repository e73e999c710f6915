import CoreModels
import EventSchema
import PrivateServers
import RedisBus
import ServiceKit
import TestKit
import Testing

/// The feeds as processes on a Redis of their own and a scripted exchange, and what they publish.
final class FeedStack {
    let redis: PrivateRedis
    let exchange: ScriptedExchange
    private(set) var feeds: [RunningService] = []
    private(set) var data: [MarketData] = []
    private(set) var health: [HealthEvent] = []
    private let directory: TemporaryDirectory
    private let subscriber: RedisSubscriber
    private let publisher: RedisPublisher

    init() throws {
        directory = try TemporaryDirectory()
        redis = try PrivateRedis.start(
            directory: directory.file("redis"), password: "redis secret")
        exchange = ScriptedExchange(port: try LoopbackPort.free())
        let settings = RedisSettings(port: Int(redis.port), password: redis.password)
        subscriber = RedisSubscriber(settings: settings, channels: ["market_data", "health"])
        publisher = RedisPublisher(settings: settings)
        try wait("the test is subscribed") { subscriber.isSubscribed && publisher.isConnected }
    }

    deinit {
        for feed in feeds { feed.kill() }
        exchange.stop()
        redis.stop()
    }

    var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(redis.port)",
            "REDIS_PASSWORD": redis.password,
            "MEXC_WS_URL": "ws://127.0.0.1:\(exchange.port)/edge",
            "MEXC_REST_URL": "http://127.0.0.1:\(exchange.port)",
        ]
    }

    func start(_ name: String, _ settings: [String: String] = [:]) throws -> RunningService {
        let feed = try RunningService(
            name, environment: environment.merging(settings) { $1 }, port: try LoopbackPort.free(),
            log: directory.file("\(name).log"))
        feeds.append(feed)
        return feed
    }

    /// Takes what was published.
    func listen() {
        let now = SystemClock.monotonicMilliseconds
        subscriber.service(now)
        publisher.service(now)
        subscriber.receive(limit: 10_000) { channel, bytes in
            do {
                let origin = Origin.foreign(at: SystemClock.now())
                if channel == "health" {
                    health.append(try HealthCodec.decode(bytes, from: origin))
                } else {
                    data.append(try MarketDataCodec.decode(bytes.bytes, from: origin))
                }
            } catch {
                preconditionFailure("a feed published what cannot be read: \(error)")
            }
        }
    }

    func publish(_ channel: String, _ bytes: [UInt8]) {
        publisher.publish(channel, bytes)
        publisher.flush(within: 5_000)
    }

    private var accounts: Int64 = 0

    /// Tells the feeds that one unit of this is held.
    func hold(_ name: String) throws {
        let symbol = try #require(Symbol(name))
        accounts += 1
        let account = Account(
            envelope: Envelope(sequence: accounts, id: Stream.account.id(accounts)), equity: .zero,
            cash: .zero, exposure: .zero, inFlight: .zero, realizedToday: .zero, unrealized: .zero,
            dailyPnL: .zero, drawdownPct: .zero, dayStartEquity: .zero,
            positions: [
                Account.Position(
                    symbol: symbol, quantity: Quantity(1), averageEntryPrice: Price(1),
                    lastPrice: Price(1), unrealized: .zero)
            ], trading: "ACTIVE", timestamp: SystemClock.now())
        publish(Channel.account.rawValue, AccountCodec.encode(account))
    }

    /// Waits for a condition, listening; what the feeds said last is part of the error.
    func wait(_ what: String, seconds: Double = 30, until condition: () throws -> Bool) throws {
        let isSeen = try eventually(seconds: seconds) {
            listen()
            return try condition()
        }
        guard !isSeen else { return }
        let tails = feeds.map { "-- \($0.name)\n" + Files.tail($0.log, lines: 8) }
        throw Stack.NotSeen(
            description: "not seen within \(seconds) s: \(what)\n" + tails.joined(separator: "\n"))
    }

    /// Keeps the exchange talking while it waits: the price of both symbols rises with each word.
    func wait(
        _ what: String, seconds: Double = 30, saying sources: Set<MarketSource>,
        until condition: () throws -> Bool
    ) throws {
        var last: Int64 = 0
        try wait(what, seconds: seconds) {
            let now = SystemClock.monotonicMilliseconds
            if now - last >= 200 {
                last = now
                talk(to: sources)
            }
            return try condition()
        }
    }

    private var words = 0

    private func talk(to sources: Set<MarketSource>) {
        words += 1
        let rows = ["BTC_USDT", "ETH_USDT"].map { symbol in
            (symbol: symbol, price: "\(100 + words).5", turnover: "\(5000 + words).25")
        }
        if sources.contains(.websocket) { exchange.sayTickers(rows) }
        if sources.contains(.rest) { exchange.tickers(rows) }
    }

    func published(by source: MarketSource, since count: Int = 0) -> Int {
        data.dropFirst(count).count { $0.source == source }
    }

    func lastHealth(of name: String) -> HealthEvent? { health.last { $0.service == name } }
}
