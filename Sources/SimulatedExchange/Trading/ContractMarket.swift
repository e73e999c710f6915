import CoreModels
import DecisionCores
import MarketSources

/// One contract as it trades: its price, its tape, its candles, its book.
struct ContractMarket: Sendable {
    /// Deals that a reply about the tape may hold.
    static let tapeLimit = 100

    let contract: Contract
    private(set) var last: Int64
    /// The best prices, in ticks; bid < ask.
    private(set) var bid: Int64
    private(set) var ask: Int64
    private(set) var history: CandleHistory
    /// The latest deals, oldest first.
    private(set) var tape: [Deal] = []
    /// Of its row in the lists.
    private(set) var changedAt: Timestamp
    /// The row has changed since the last frame of rows.
    var isChanged = false
    private(set) var book: OrderBook
    /// Turnover that was too little for a contract so far, raw; negative after a contract too much.
    private var carry: Int128 = 0
    private var nextDeal: Int64
    private var random: SeededRandom

    /// Deals that one price is split into at most.
    private static let splits: Int64 = 3

    init(
        _ contract: Contract, listing: Listing, historyMinutes: Int, at start: Timestamp,
        versionsFrom opening: Int64, seed: UInt64
    ) {
        self.contract = contract
        random = SeededRandom(seed: contract.symbol.quickHash &+ seed)
        let ticks = contract.ticks(listing.price)
        last = ticks
        bid = max(1, ticks - 1)
        ask = max(ticks, bid + 1)
        changedAt = start
        let worth = max(1, Int128(ticks) * contract.tickValue)
        history = CandleHistory(
            minutes: historyMinutes, before: start.milliseconds / 60_000, ticks: ticks,
            contracts: Int64(clamping: listing.turnoverPerMinute.raw / worth),
            random: SeededRandom(seed: random.next()))
        // Versions and ids begin with the time, so that a later run goes on above an earlier one.
        book = OrderBook(
            version: opening - 1_700_000_000_000, step: ticks / 20_000,
            size: max(20, Int64(clamping: 5_000 * FixedArithmetic.one / worth)),
            random: SeededRandom(seed: random.next()))
        nextDeal = (start.milliseconds - 1_700_000_000_000) / 4
        if contract.isTrading { book.move(bid: bid, ask: ask) }
    }

    /// Goes on to a minute in which perhaps nothing happens.
    mutating func roll(to time: Timestamp) {
        history.roll(to: time.milliseconds / 60_000)
    }

    /// Takes a price and trades its turnover there. Returns the deals, oldest first: none when
    /// neither price nor turnover moved.
    mutating func take(_ observation: Observation) -> [Deal] {
        let ticks = contract.ticks(observation.price)
        roll(to: observation.timestamp)
        let count = contracts(for: observation, at: ticks)
        quote(observation, ticks)
        changedAt = observation.timestamp
        isChanged = true
        guard count > 0 else { return [] }
        let isBuy = ticks == last ? random.pick(0...1) == 0 : ticks > last
        last = ticks
        return trade(count, isBuy, at: observation.timestamp)
    }

    private mutating func contracts(for observation: Observation, at ticks: Int64) -> Int64 {
        switch observation.turnover {
        case .traded(let money): carry += money.raw
        case .cumulative24h: break
        }
        let worth = max(1, Int128(ticks) * contract.tickValue)
        // A price is nothing without a deal: one contract at least, on account of later turnover.
        let count = max(ticks == last ? 0 : 1, Int64(clamping: carry / worth))
        carry = max(carry - Int128(count) * worth, -20 * worth)
        return count
    }

    private mutating func quote(_ observation: Observation, _ ticks: Int64) {
        let half = max(1, ticks / 10_000)
        bid = observation.bid.map { contract.ticks($0) } ?? ticks - half
        ask = observation.ask.map { contract.ticks($0) } ?? ticks + half
        bid = max(1, bid)
        ask = max(ask, bid + 1)
    }

    private mutating func trade(_ count: Int64, _ isBuy: Bool, at time: Timestamp) -> [Deal] {
        var deals: [Deal] = []
        var rest = count
        let pieces = min(count, random.pick(1...Self.splits))
        for piece in 1...pieces {
            let share = piece == pieces ? rest : max(1, min(rest / 2, rest - (pieces - piece)))
            rest -= share
            nextDeal += 1
            deals.append(
                Deal(
                    id: nextDeal, time: time, ticks: last, contracts: share,
                    isBuy: piece == pieces ? isBuy : random.pick(0...1) == 0,
                    effect: random.pick(1...3), isSelf: random.pick(0...3) == 0))
            history.trade(last, share)
        }
        tape += deals
        if tape.count > Self.tapeLimit * 2 { tape.removeFirst(tape.count - Self.tapeLimit) }
        return deals
    }

    /// Brings the book to the best prices. One that does not trade any more has an empty, frozen
    /// book.
    mutating func moveBook() {
        if contract.isTrading { book.move(bid: bid, ask: ask) }
    }

    // MARK: What is derived from it, in ticks or raw money

    var fair: Int64 { max(1, (bid + ask) / 2) }
    var index: Int64 { max(1, fair + (last % 3 - 1) * max(1, last / 5_000)) }

    func amount(_ sum: Int128) -> Int128 { sum * contract.tickValue }

    /// (last − reference) ÷ reference, with four decimals.
    func change(since reference: Int64) -> Ratio {
        let share = Int128(last - reference) * FixedArithmetic.one / Int128(max(1, reference))
        return Ratio(raw: share).rounded(toDecimals: 4, .nearest)
    }
}
