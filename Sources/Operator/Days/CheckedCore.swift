import CoreModels
import DecisionCores

/// Something a service was told beside the market.
struct LedgerInput {
    /// When it was handled.
    var time: Timestamp
    var fact: Fact
    /// The stream in which the ledger has the answer.
    var awaits: CoreModels.Stream?
    /// Only when this decision is the next one that nothing else has led to.
    var onlyIfNext: Int64?
    /// Of equal times the lowest goes first.
    var rank = 0
    /// The symbol whose last message then the answer names, and which one that was.
    var quote: (symbol: Symbol, message: MarketReference)?

    /// What an order or its result changes the position of.
    var tradedSymbol: Symbol? {
        switch fact {
        case .order(let order): order.symbol
        case .orderResult(let result): result.symbol
        case .marketData, .signal, .clock, .halt, .release, .fill, .exchange, .orderBacklog,
            .endOfData, .notice:
            nil
        }
    }

    /// The message that the answer names, or one before it.
    func isAfter(_ data: MarketData) -> Bool {
        guard let quote, let reference = data.reference else { return false }
        return reference.feed == quote.message.feed
            && reference.sequence <= quote.message.sequence
    }

    /// A later message of the same symbol: the input was handled before it.
    func isBefore(_ data: MarketData) -> Bool {
        guard let quote, let reference = data.reference else { return false }
        return data.symbol == quote.symbol && reference.feed == quote.message.feed
            && reference.sequence > quote.message.sequence
    }
}

/// A message of the market on its way through a check.
struct SeenMessage {
    let data: MarketData
    /// What time it was for the service.
    let moment: Timestamp
    /// What time it was for the recorder.
    let time: Timestamp
}

/// A core with what it has still to decide.
struct CheckedCore<Core: DecisionCore> {
    var core: Core
    var expected: ExpectedEvents

    mutating func take(_ input: LedgerInput) throws(Difference) {
        var events: [Event] = []
        let awaited = input.awaits.flatMap { expected.next($0) }
        core.handle(input.fact, at: input.time, into: &events)
        let count = try expected.match(events, isTimed: true)
        if count == 0, let awaited { throw .notDecided(awaited) }
    }

    /// - Parameter events: empty, and empty again where nothing is thrown.
    mutating func see(_ seen: SeenMessage, into events: inout [Event]) throws(Difference) {
        core.handle(.marketData(seen.data), at: seen.moment, into: &events)
        guard !events.isEmpty else { return }
        _ = try expected.match(events, isTimed: false)
        events.removeAll(keepingCapacity: true)
    }
}
