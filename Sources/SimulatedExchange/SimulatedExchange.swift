public import CoreModels
import DecisionCores
public import MarketSources

/// MEXC's public futures side as a value: time and bytes in, bytes out.
///
/// Equal prices, seed and inputs (requests and times alike) give equal bytes. Written from the
/// recorded behaviour of the exchange, without knowledge of our own decoder, so that each checks
/// the other.
public struct SimulatedExchange {
    /// The server closes this long after the last client ping, in milliseconds of wall time.
    static let idleLimit: Int64 = 60_000
    /// Contracts up to this number have a past of a whole day, more have `shortPast` minutes.
    private static let longPastLimit = 200
    private static let longPast = 1_440
    private static let shortPast = 150

    var prices: any PriceSource
    /// The next price, not due yet.
    private var upcoming: Observation?
    /// Numbers of contracts.
    var index = SymbolIndex()
    var markets: [ContractMarket] = []
    /// Contracts from this number on have no prices of the source.
    private let firstOddity: Int
    private var nextDrift: Int64
    private var random: SeededRandom
    var sessions: [Session] = []
    var streams: [PushStream] = []
    var plan = FaultPlan()
    var budget = RequestBudget()
    /// Frames pushed so far.
    var pushes: Int64 = 0
    var now: Moment
    private let opened: Moment
    private var outputs: [Output] = []
    private var later: [(wall: Int64, output: Output)] = []

    /// Opens at a moment; prices before it are taken at once, without anybody seeing them.
    ///
    /// - Parameter start: market time of the first price, from which on minutes are known.
    public init(
        prices: any PriceSource, seed: UInt64 = 1, start: Timestamp, at moment: Moment
    ) throws(MarketFileError) {
        self.prices = prices
        now = moment
        opened = moment
        random = SeededRandom(seed: seed ^ 0x5EED)
        nextDrift = moment.market
        let listings = prices.listings
        let minutes = listings.count > Self.longPastLimit ? Self.shortPast : Self.longPast
        var found = listings.map { (contract: Contract?.none, listing: $0) }
        for listing in listings { _ = index.number(of: listing.symbol) }
        firstOddity = listings.count
        for odd in OddContracts.contracts(
            from: Int64(10 + listings.count), seed: seed, taken: index)
        {
            _ = index.number(of: odd.contract.symbol)
            let usual = odd.contract.isTrading ? Money(40_000) : .zero
            let listing = Listing(
                symbol: odd.contract.symbol, price: odd.price, decimals: odd.contract.decimals,
                turnoverPerMinute: usual)
            found.append((odd.contract, listing))
        }
        let begin = min(start, Timestamp(milliseconds: moment.market))
        for (number, one) in found.enumerated() {
            let contract =
                one.contract ?? Contract(one.listing, id: Int64(10 + number), seed: seed)
            markets.append(
                ContractMarket(
                    contract, listing: one.listing, historyMinutes: minutes, at: begin,
                    versionsFrom: moment.market, seed: seed))
        }
        upcoming = try self.prices.next()
        try takePrices()
    }

    /// Lets time pass: prices, pushes, faults, idle connections.
    public mutating func step(to moment: Moment) throws(MarketFileError) {
        now = moment
        try takePrices()
        drift()
        for order in plan.begin(at: openFor) { begin(order) }
        closeIdle()
        push()
        releaseLater()
    }

    /// What has to be done to the sockets, in this order.
    public mutating func takeOutputs() -> [Output] {
        defer { outputs.removeAll(keepingCapacity: true) }
        return outputs
    }

    /// No connection is to be let in at all.
    public var refusesConnections: Bool { plan.active(.refuseConnections) != nil }

    /// There are no more prices: the market stands still.
    public var hasEnded: Bool { upcoming == nil }

    private mutating func takePrices() throws(MarketFileError) {
        while let observation = upcoming, observation.timestamp.milliseconds <= now.market {
            take(observation)
            upcoming = try prices.next()
        }
    }

    private mutating func take(_ observation: Observation) {
        guard let number = index.find(observation.symbol) else { return }
        let deals = markets[number].take(observation)
        guard !deals.isEmpty else { return }
        for place in streams.indices
        where streams[place].topic == .deals && streams[place].contract == number {
            streams[place].deals += deals
        }
    }

    /// Contracts without a source wander a little, so that they too have rows that change.
    private mutating func drift() {
        guard nextDrift <= now.market else { return }
        nextDrift = now.market + 6_000
        for number in firstOddity..<markets.count where markets[number].contract.isTrading {
            let last = markets[number].last
            let ticks = max(1, last + last * random.bell(100) / 1_000_000)
            let contract = markets[number].contract
            take(
                Observation(
                    symbol: contract.symbol, timestamp: Timestamp(milliseconds: now.market),
                    price: Price(raw: contract.price(ticks)), turnover: .traded(Money(4_000))))
        }
    }

    private mutating func closeIdle() {
        for session in sessions where now.wall - session.lastPing >= Self.idleLimit {
            closeWithNotice(session.connection)
        }
    }

    mutating func closeWithNotice(_ connection: Int) {
        send(
            Frame.complaint("more than 60 seconds no response, close the channel", time), connection
        )
        emit(.cut(connection))
        disconnected(connection)
    }

    // MARK: Outputs

    /// What the exchange takes for the time.
    var time: Int64 { now.market + (plan.active(.clockSkew)?.value ?? 0) }

    /// Milliseconds of wall time since it opened: the clock of faults.
    var openFor: Int64 { now.wall - opened.wall }

    func isStuck(_ connection: Int) -> Bool {
        sessions.first { $0.connection == connection }?.isStuck ?? true
    }

    mutating func emit(_ output: Output) { outputs.append(output) }

    mutating func emit(_ output: Output, after wait: Int64) {
        later.append((now.wall + wait, output))
    }

    mutating func send(_ bytes: [UInt8], _ connection: Int) {
        if !isStuck(connection) { emit(.text(bytes, to: connection)) }
    }

    private mutating func releaseLater() {
        let due = later.filter { $0.wall <= now.wall }
        guard !due.isEmpty else { return }
        later.removeAll { $0.wall <= now.wall }
        for (_, output) in due {
            switch output {
            case .text(let bytes, let connection), .compressed(let bytes, let connection),
                .halfFrame(let bytes, let connection):
                send(bytes, connection)
            case .cut(let connection):
                guard sessions.contains(where: { $0.connection == connection }) else { continue }
                emit(output)
                disconnected(connection)
            }
        }
    }
}
