import CoreModels
import EventSchema
import Exchange
import MarketSources
import RedisBus
import ServiceKit
import WebTransport

/// The one thread of a feed: wait, take what the exchange said, publish what it makes.
///
/// Redis and the exchange come and go by themselves; nothing is kept for a Redis that is away: market
/// data of yesterday is no market data.
final class FeedLoop {
    /// Ended quotes are looked for this often, in milliseconds.
    private static let quoteInterval: Int64 = 250
    /// The active set is renewed this often, and when a position or an order comes or goes.
    private static let activeInterval: Int64 = 5_000
    /// A socket that gives no market data for longer is counted, once per silence.
    private static let dataGap: Int64 = 3_000
    static let boardInterval: Int64 = 500
    static let healthInterval: Int64 = 5_000

    let settings: FeedSettings
    let logger: Logger
    let metrics: FeedMetrics
    let board: StatusBoard
    let movers: MoverBoard
    let stop: StopSignal
    let publisher: RedisPublisher
    let subscriber: RedisSubscriber
    let rest: RESTLink
    /// The feed itself in cdb_ws; cdb_rest has none.
    let socket: SocketLink?
    /// Names this run.
    let feed: String

    var market: LiveMarket
    var reach = Reach()
    var skew = ClockSkew()
    var fresher = FresherSource()
    var traded = TradedSymbols()
    var active: [Symbol] = []
    var sequence: Int64 = 0
    var tradedChanged = false
    var decoder = MarketDataDecoder()
    /// What is to be published, and room for one message of it.
    var data: [MarketData] = []
    var bytes: [UInt8] = []
    private var connection: ConnectionState
    private var isInGap = false

    // Times on the monotonic clock, ms.
    private var lastQuotes: Int64 = 0
    private var lastActive: Int64 = 0
    var lastBoard: Int64 = -1000
    var lastHealth: Int64 = 0
    var lastHealthState: Health?

    init(
        settings: FeedSettings, start: ServiceStart, movers: MoverBoard
    ) throws(WebTransportError) {
        self.settings = settings
        self.movers = movers
        logger = start.logger
        board = start.board
        stop = start.stop
        metrics = FeedMetrics(start.metrics, settings.service)
        let exchange = MEXCContract()
        let startedAt = SystemClock.now().milliseconds
        let seed = UInt64.random(in: .min ... .max)
        // Two that start in the same millisecond still have names of their own.
        feed = "\(settings.service.source.rawValue)-\(startedAt)-\(seed % 10_000)"
        rest = try RESTLink(
            url: settings.restURL, exchange: exchange,
            pollsTickers: settings.service == .rest, metrics: metrics, logger: logger)
        switch settings.service {
        case .webSocket:
            socket = try SocketLink(
                url: settings.webSocketURL, exchange: exchange, seed: seed, metrics: metrics,
                logger: logger)
        case .rest: socket = nil
        }
        market = LiveMarket(settings: settings.market)
        publisher = RedisPublisher(settings: settings.redis)
        subscriber = RedisSubscriber(
            settings: settings.redis, channels: settings.service.channels.map(\.rawValue))
        connection = ConnectionState(
            startupTimeout: settings.startupTimeout, now: SystemClock.monotonicMilliseconds)
    }

    /// Runs until it is told to stop (0) or cannot go on (1).
    func run() -> Int32 {
        defer { close() }
        while true {
            let stopping = stop.isRequested
            let now = SystemClock.monotonicMilliseconds
            subscriber.service(now)
            publisher.service(now)
            do throws(ServiceError) {
                try connection.redis(
                    isConnected: subscriber.isSubscribed, redisFailure ?? "not connected yet", now)
            } catch {
                logger.error("cannot_go_on", "\(error)")
                return 1
            }
            if !stopping { wait(now) }
            turn(SystemClock.monotonicMilliseconds)
            report(SystemClock.monotonicMilliseconds)
            if stopping { return 0 }
        }
    }

    private func close() {
        publisher.flush(within: 500)
        socket?.stop()
        rest.stop()
        logger.info("stopped", "\(sequence) market_data were published as \(feed)")
    }

    private func wait(_ now: Int64) {
        var due = min(
            lastBoard + Self.boardInterval, lastQuotes + Self.quoteInterval,
            rest.agenda.nextDeadline, subscriber.nextDeadline, publisher.nextDeadline)
        var entries = [
            PollEntry(stop.fileDescriptor, .readable), rest.pollEntry, subscriber.pollEntry,
            publisher.pollEntry,
        ]
        if let socket {
            due = min(due, socket.nextDeadline(now))
            entries.append(socket.pollEntry)
        }
        Poller.wait(on: &entries, milliseconds: max(0, due - now))
    }

    private func turn(_ now: Int64) {
        receive(now)
        if let socket { turn(socket, now) }
        rest.take(now) { answer in handle(answer, now) }
        if now - lastQuotes >= Self.quoteInterval {
            lastQuotes = now
            market.passTime(at: SystemClock.now(), into: &data)
            publish("withdrawal", receivedAt: SystemClock.monotonicNanoseconds, now)
        }
        renewActive(now)
        rest.ask(now, book: { nextBook(now) }, window: { market.nextWindow() })
        publisher.flush()
    }

    /// While the socket has everything, cdb_rest has nothing to ask for.
    private func nextBook(_ now: Int64) -> MarketQuestion? {
        guard socket != nil || !fresher.speaks(now) else { return nil }
        return market.nextBook(at: SystemClock.now())
    }

    private func renewActive(_ now: Int64) {
        guard tradedChanged || now - lastActive >= Self.activeInterval else { return }
        tradedChanged = false
        lastActive = now
        active = market.activeSet(
            positions: traded.positions, pending: traded.pending, present: active,
            movers: socket == nil ? 0 : LiveMarket.activeMovers)
        socket?.want(active, now)
    }

    // MARK: - The exchange

    private func turn(_ socket: SocketLink, _ now: Int64) {
        socket.turn(now) { arrival in
            let started = SystemClock.monotonicNanoseconds
            if case .pong(let time?) = arrival.fact, let sentAt = arrival.pingSentAt {
                measure(sentAt, arrival.receivedAt, time)
            }
            if arrival.fact.isMarket {
                reach.succeeded(now)
                isInGap = false
            }
            take(
                arrival.fact, arrival.fact.kind, arrival.receivedAt,
                monotonic: arrival.monotonic, now)
            metrics.handled(
                arrival.fact.kind, nanoseconds: SystemClock.monotonicNanoseconds - started)
        }
        if let loss = socket.takeLoss() {
            market.connectionLost()
            reach.failed(code: loss.code, reason: loss.reason)
        }
        if !isInGap, let age = reach.dataAge(now), age > Self.dataGap {
            isInGap = true
            metrics.fault("data_gap")
        }
        if socket.takeAnchor() { rest.demandTickers(now) }
    }

    private func handle(_ answer: RESTLink.Answer, _ now: Int64) {
        let started = SystemClock.monotonicNanoseconds
        switch answer.result {
        case .success(let fact):
            let times = answer.times ?? (0, 0)
            if case .serverTime(let time) = fact { measure(times.sentAt, times.receivedAt, time) }
            if fact.isMarket {
                socket?.anchored(now)
                if socket == nil { reach.succeeded(now) }
            }
            take(fact, "rest_" + fact.kind, times.receivedAt, monotonic: answer.monotonic, now)
            metrics.handled(
                "rest_" + fact.kind, nanoseconds: SystemClock.monotonicNanoseconds - started)
        case .failure(let fault): failed(answer.question, fault, now)
        }
    }

    /// Has the market take a fact and publishes what comes of it: long lists in pieces, so that the
    /// first rows need not wait for the last, and what was just made is still at hand.
    private func take(
        _ fact: ExchangeFact, _ kind: String, _ receivedAt: Int64, monotonic: Int64, _ now: Int64
    ) {
        let receipt = Timestamp(milliseconds: receivedAt)
        guard case .tickers(let rows, let unreadable) = fact else {
            market.take(fact, receivedAt: receipt, into: &data)
            return publish(kind, receivedAt: monotonic, now)
        }
        market.take(.tickers([], unreadable: unreadable), receivedAt: receipt, into: &data)
        for start in stride(from: 0, to: rows.count, by: Self.writeBatch) {
            let piece = Array(rows[start..<min(start + Self.writeBatch, rows.count)])
            market.take(.tickers(piece, unreadable: 0), receivedAt: receipt, into: &data)
            publish(kind, receivedAt: monotonic, now)
        }
    }

    private func failed(_ question: MarketQuestion, _ fault: RESTFault, _ now: Int64) {
        switch question {
        case .tickers:
            socket?.anchorFailed(fault.description, now)
            if socket == nil { reach.failed(code: fault.code, reason: fault.description) }
        case .candles(let symbol, _, _):
            market.windowFailed(symbol, counts: fault.isAboutQuestion)
        case .serverTime, .instruments, .book, .fundingRates: break
        }
    }

    /// On the market's clock the exchange's time runs at another speed: there is nothing to compare.
    private func measure(_ sentAt: Int64, _ receivedAt: Int64, _ time: Timestamp) {
        guard settings.market.clock == .wall else { return }
        if skew.measured(sentAt: sentAt, receivedAt: receivedAt, exchange: time) {
            metrics.fault("clock_skew")
            rest.doubtClock(SystemClock.monotonicMilliseconds)
        }
        market.clockSkew = skew.milliseconds ?? 0
    }
}
