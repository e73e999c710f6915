import CoreModels
import DecisionCores

/// One core run again over recorded market data and over what the ledger says it was told, its
/// events compared with those of the ledger.
///
/// The recording tells the order of the messages, not when in between a service came to a signal, a
/// result or an order; the ledger tells that to the millisecond, by a clock that the recorder read a
/// little earlier or later. Such an input is handled where the clocks say; where that leads to
/// anything else than the ledger's bytes, all places within `ExpectedEvents.slack` are tried. So a
/// difference means that no order of these inputs leads to what the ledger has.
struct LedgerCheck<Core: DecisionCore> {
    /// A message with the moment it counts at.
    struct Seen {
        let data: MarketData
        let moment: Timestamp
    }

    /// A core with what it has still to decide.
    struct Standing {
        var core: Core
        var expected: ExpectedEvents

        mutating func take(_ input: LedgerInput) throws(Difference) {
            var events: [Event] = []
            let awaited = input.awaits.flatMap { expected.next($0) }
            core.handle(input.fact, at: input.time, into: &events)
            let count = try expected.match(events, isTimed: true)
            if count == 0, let awaited { throw .notDecided(awaited) }
        }

        mutating func see(
            _ seen: Seen, into events: inout [Event]
        ) throws(Difference) {
            core.handle(.marketData(seen.data), at: seen.moment, into: &events)
            guard !events.isEmpty else { return }
            _ = try expected.match(events, isTimed: false)
            events.removeAll(keepingCapacity: true)
        }
    }

    private(set) var standing: Standing
    /// In the order the service handled them.
    private var inputs: ArraySlice<LedgerInput>
    /// Receipt as the ledger tells it, where it does.
    private let moments: [MarketReference: Timestamp]
    /// Since when the first input may have been handled, and what came since.
    private var checkpoint: Standing?
    private var journal: [Seen] = []
    /// Why the first input does not fit where it was tried.
    private var misfit: Difference?
    private var events: [Event] = []
    /// The first one; from there on nothing is compared.
    private(set) var difference: Difference?

    init(
        _ core: Core, _ expected: ExpectedEvents, _ inputs: [LedgerInput],
        moments: [MarketReference: Timestamp] = [:]
    ) {
        standing = Standing(core: core, expected: expected)
        self.inputs = inputs[...]
        self.moments = moments
    }

    /// The moment a message counts at for this service.
    func moment(of message: RecordedStretch.Message) -> Timestamp {
        guard let known = message.data.reference.flatMap({ moments[$0] }),
            known.since(message.time).magnitude <= ExpectedEvents.slack
        else { return message.time }
        return known
    }

    mutating func see(_ message: RecordedStretch.Message) {
        guard difference == nil else { return }
        do throws(Difference) { try take(message) } catch { difference = error }
    }

    private mutating func take(_ message: RecordedStretch.Message) throws(Difference) {
        try settle(before: message.time)
        if checkpoint == nil, let next = inputs.first,
            next.time.since(message.time) <= ExpectedEvents.slack
        {
            checkpoint = standing
        }
        let seen = Seen(data: message.data, moment: moment(of: message))
        if checkpoint != nil { journal.append(seen) }
        do throws(Difference) {
            try standing.see(seen, into: &events)
        } catch {
            events.removeAll()
            // An input that the clocks place behind this message may have been handled before it.
            guard let next = inputs.first, checkpoint != nil, tryEverywhere(next) else {
                throw error
            }
        }
        if let late = standing.expected.overdue(at: message.time),
            inputs.first.map({ $0.time > late.event.timestamp }) ?? true
        {
            throw .notDecided(late)
        }
    }

    /// The recording has ended at `time`.
    mutating func finish(at time: Timestamp) {
        guard difference == nil else { return }
        do throws(Difference) {
            try settle(before: time.advanced(by: ExpectedEvents.slack))
            if let misfit { throw misfit }
            if let late = standing.expected.overdue(at: time) { throw .notDecided(late) }
        } catch { difference = error }
    }

    private mutating func settle(before time: Timestamp) throws(Difference) {
        while let input = inputs.first, input.time < time {
            if let sequence = input.onlyIfNext,
                standing.expected.next(.riskDecisions)?.event.envelope.sequence != sequence
            {
                inputs.removeFirst()
                continue
            }
            var trial = standing
            do throws(Difference) {
                try trial.take(input)
                standing = trial
                advance(keeping: [], from: trial)
            } catch {
                if misfit == nil, tryEverywhere(input) { continue }
                misfit = misfit ?? error
                if time.since(input.time) > ExpectedEvents.slack { throw misfit ?? error }
                return
            }
        }
    }

    /// Tries the first input at every place since the checkpoint, the last that fits counts.
    private mutating func tryEverywhere(_ input: LedgerInput) -> Bool {
        guard var before = checkpoint else { return false }
        var found: (after: Standing, rest: [Seen], end: Standing)?
        for place in 0...journal.count {
            let rest = Array(journal[place...])
            if let after = Self.taking(input, before), let end = Self.seeing(rest, after) {
                found = (after, rest, end)
            }
            guard place < journal.count, let next = Self.seeing([journal[place]], before) else {
                break
            }
            before = next
        }
        guard let found else { return false }
        standing = found.end
        advance(keeping: found.rest, from: found.after)
        return true
    }

    private static func taking(_ input: LedgerInput, _ standing: Standing) -> Standing? {
        var trial = standing
        do throws(Difference) {
            try trial.take(input)
            return trial
        } catch {
            return nil  // It was not handled here.
        }
    }

    private static func seeing(_ messages: [Seen], _ standing: Standing) -> Standing? {
        var trial = standing
        var events: [Event] = []
        do throws(Difference) {
            for message in messages { try trial.see(message, into: &events) }
            return trial
        } catch {
            return nil  // Nor here.
        }
    }

    /// The first input is handled; the next may be from here on.
    private mutating func advance(keeping rest: [Seen], from after: Standing) {
        guard let input = inputs.popFirst() else { return }
        misfit = nil
        let isNear =
            inputs.first.map { $0.time.since(input.time) <= 2 * ExpectedEvents.slack } ?? false
        checkpoint = isNear ? after : nil
        journal = isNear ? rest : []
    }
}

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
}
