public import CoreModels

/// The life of one market-data socket, without the socket: what happened comes in, what is to be
/// done goes out. Times are monotonic milliseconds.
///
/// Connect; ask for the whole market, then for books and trades of the wanted symbols; take a
/// subscription as confirmed by its first data; ping; notice silence of every kind and reconnect
/// with growing pauses; have the market anchored over REST after each connecting and regularly.
public struct FeedSession: Sendable {
    public enum Input: Equatable, Sendable {
        case opened
        /// The connection ended or never came to be.
        case closed(String)
        case received(ExchangeFact)
        /// The symbols whose books and trades are needed, most needed first, in place of the last.
        case want(books: [Symbol], trades: [Symbol])
        /// The tickers asked for by `anchor` have come over REST.
        case anchored
        case anchorFailed(String)
        /// Time has passed.
        case clock
    }

    public enum Output: Equatable, Sendable {
        case connect
        case send(FeedRequest)
        /// Close the connection; `Input.closed` is expected.
        case close(String)
        /// Ask for the whole market's tickers over REST.
        case anchor
        case note(FeedNote)
    }

    enum Phase: Sendable {
        case idle
        case pausing(until: Int64)
        case connecting(until: Int64)
        /// `connection` is there.
        case open
        /// We have closed it and wait for its end.
        case closing(until: Int64, pause: Int64, reason: String)
    }

    let limits: FeedLimits
    private let exchange: any ExchangeAdapter
    var phase = Phase.idle
    /// There exactly while it is open.
    var connection: FeedConnection?
    var subscriptions: Subscriptions
    private var pauses: ReconnectPause
    /// Connections so far.
    var opened = 0
    /// Of the last input; everything due until then has been done.
    var now = Int64.min
    private var outputs: [Output] = []

    /// - Parameters:
    ///   - seed: of the jitter.
    ///   - exchange: tells what complaints mean.
    public init(
        seed: UInt64, exchange: any ExchangeAdapter = MEXCContract(), limits: FeedLimits = .init()
    ) {
        self.exchange = exchange
        self.limits = limits
        subscriptions = Subscriptions(limits: limits)
        pauses = ReconnectPause(seed: seed, limits: limits)
    }

    /// Takes what happened and everything that is due at `now`.
    public mutating func handle(_ input: Input, now: Int64) -> [Output] {
        self.now = max(self.now, now)
        switch input {
        case .opened: open()
        case .closed(let reason): closed(reason)
        case .received(let fact): received(fact)
        case .want(let books, let trades):
            let beyond = subscriptions.want(books: books, trades: trades, now: self.now)
            if beyond > 0 { note(.tooManySymbols(beyond)) }
        case .anchored: connection?.isAnchoring = false
        case .anchorFailed(let reason):
            connection?.isAnchoring = false
            note(.anchorFailed(reason))
        case .clock: break
        }
        act()
        defer { outputs = [] }
        return outputs
    }

    private mutating func note(_ note: FeedNote) { outputs.append(.note(note)) }

    // Inputs.

    private mutating func open() {
        phase = .open
        connection = FeedConnection(now: now, limits: limits)
        opened += 1
        subscriptions.startOver()
    }

    private mutating func closed(_ reason: String) {
        switch phase {
        case .idle, .pausing: return
        case .connecting, .open: pause(nextPause(), reason)
        case .closing(_, let milliseconds, let ours): pause(milliseconds, ours)
        }
    }

    private mutating func received(_ fact: ExchangeFact) {
        guard connection != nil else { return }
        connection?.messageAt = now
        switch fact {
        case .tickers(let rows, _): if !rows.isEmpty { dataCame(.subscribeTickers) }
        case .book(let book): dataCame(.subscribeBook(book.symbol))
        case .trades(let symbol, _, _): dataCame(.subscribeTrades(symbol))
        case .pong: connection?.ponged(now: now)
        case .complaint(let words): complained(words)
        case .instruments, .snapshot, .fundingRates, .candles, .serverTime, .acknowledged,
            .unknown:
            break
        }
    }

    private mutating func dataCame(_ request: FeedRequest) {
        if subscriptions.dataCame(request, now: now) { connection?.dataAt = now }
    }

    private mutating func complained(_ words: String) {
        switch exchange.meaning(of: words) {
        case .idle:
            note(.idleNotice)
            // Nothing is wrong with the exchange: back at once, if it gave data at all.
            let hasData = connection?.dataAt != nil
            close(words, pause: hasData ? 0 : nextPause())
        case .unknownSymbol(let symbol):
            note(
                subscriptions.refuse(symbol, now: now) ? .unknownSymbol(symbol) : .complaint(words))
        case .other: note(.complaint(words))
        }
    }

    // What time demands.

    private mutating func act() {
        switch phase {
        case .idle: connect()
        case .pausing(let until): if now >= until { connect() }
        case .connecting(let until):
            if now >= until { close("not connected in time", pause: nextPause()) }
        case .open: actOnConnection()
        case .closing(let until, let milliseconds, let reason):
            if now >= until { pause(milliseconds, reason) }
        }
    }

    private mutating func connect() {
        phase = .connecting(until: now + limits.connectPatience)
        outputs.append(.connect)
    }

    private mutating func close(_ reason: String, pause: Int64) {
        phase = .closing(until: now + limits.closePatience, pause: pause, reason: reason)
        connection = nil
        outputs.append(.close(reason))
    }

    private mutating func pause(_ milliseconds: Int64, _ reason: String) {
        phase = .pausing(until: now + milliseconds)
        connection = nil
        note(.lost(reason: reason, pause: milliseconds))
    }

    private mutating func nextPause() -> Int64 { pauses.next(afterData: connection?.dataSpan ?? 0) }

    private mutating func actOnConnection() {
        guard var connection else { return }
        if now - connection.messageAt >= limits.silence {
            note(.silent)
            return close("nothing came for \(limits.silence) ms", pause: nextPause())
        }
        if connection.isStale(now: now, limits) {
            note(.stale)
            return close("no data for \(limits.dataSilence) ms", pause: nextPause())
        }
        if let milliseconds = connection.takeSlowPong(now: now, limits) {
            note(.slowPong(milliseconds))
        }
        if now >= connection.anchorDue(limits) {
            connection.anchored(askedAt: now)
            outputs.append(.anchor)
        }
        if let due = tickersDue, now >= due, now - connection.silentSince < limits.dataSilence {
            note(.tickersSilent)
            subscriptions.askForTickersAgain()
        }
        send(on: &connection)
        self.connection = connection
    }

    private mutating func send(on connection: inout FeedConnection) {
        while connection.window.freeAt <= now {
            if now >= connection.pingDue(limits) {
                connection.pinged(now: now)
                outputs.append(.send(.ping))
            } else if let (request, isRepeated) = subscriptions.takeDue(now: now) {
                if isRepeated { note(.unconfirmed(request)) }
                outputs.append(.send(request))
            } else {
                return
            }
            connection.window.take(now: now)
        }
    }

    /// When the tickers count as silent.
    var tickersDue: Int64? { subscriptions.tickersAt.map { $0 + limits.dataSilence } }
}
