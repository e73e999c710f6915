import CoreModels
import DecisionCores

/// One core run again over recorded market data and over what the ledger says it was told, its
/// events compared with those of the ledger.
///
/// The recording tells the order of the messages, not when in between a service came to a signal, a
/// result or an order; the ledger tells that to the millisecond, by a clock that the recorder read a
/// little earlier or later. Inputs are handled where the clocks say; where that leads to anything
/// else than the ledger's bytes, `InputPlacement` looks for an order that does. So a difference
/// means that none was found.
struct LedgerCheck<Core: DecisionCore> {
    /// What is tried first, and before a difference is believed, in milliseconds.
    private static var jitters: (usual: Int64, largest: Int64) { (100, 500) }

    private(set) var standing: CheckedCore<Core>
    /// In the order the service handled them.
    private var inputs: ArraySlice<LedgerInput>
    /// Receipt as the ledger tells it, where it does.
    private let moments: [MarketReference: Timestamp]
    /// The near past, to be ordered again; the older one is longer.
    private var pasts: [InputPlacement<Core>] = []
    /// Symbols of which something was bought or sold.
    private let sensitive: Set<Symbol>
    /// Why the first input does not fit where it was tried.
    private var misfit: Difference?
    private var events: [Event] = []
    /// The first one; from there on nothing is compared.
    private(set) var difference: Difference?

    init(
        _ core: Core, _ expected: ExpectedEvents, _ inputs: [LedgerInput],
        moments: [MarketReference: Timestamp] = [:], held: [Symbol] = []
    ) {
        standing = CheckedCore(core: core, expected: expected)
        self.inputs = inputs[...]
        self.moments = moments
        sensitive = Set(held + inputs.compactMap(\.tradedSymbol))
    }

    mutating func see(_ message: RecordedStretch.Message) {
        guard difference == nil else { return }
        do throws(Difference) { try take(message) } catch { difference = error }
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

    /// The moment a message counts at for this service.
    private func moment(of message: RecordedStretch.Message) -> Timestamp {
        guard let known = message.data.reference.flatMap({ moments[$0] }),
            known.since(message.time).magnitude <= ExpectedEvents.slack
        else { return message.time }
        return known
    }

    private mutating func take(_ message: RecordedStretch.Message) throws(Difference) {
        try settle(before: message.time, message.data)
        remember(from: message.time)
        let seen = SeenMessage(
            data: message.data, moment: moment(of: message), time: message.time)
        for place in pasts.indices { pasts[place].messages.append(seen) }
        do throws(Difference) {
            try standing.see(seen, into: &events)
        } catch {
            events.removeAll()
            // The clocks may have placed an input wrongly that was not sensitive to its place.
            guard placeAgain(upTo: message.time) else { throw misfit ?? error }
        }
        if let late = standing.expected.overdue(at: message.time),
            inputs.first.map({ $0.time > late.event.timestamp }) ?? true
        {
            throw .notDecided(late)
        }
    }

    /// Handles the inputs of the time before `time`, and those whose answers say that they were
    /// handled before the message that comes next.
    private mutating func settle(
        before time: Timestamp, _ next: MarketData? = nil
    ) throws(Difference) {
        var certain = 0
        if let next {
            let near = inputs.prefix { $0.time.since(time) <= ExpectedEvents.slack }
            certain = near.lastIndex { $0.isBefore(next) }.map { $0 - inputs.startIndex + 1 } ?? 0
        }
        while let input = inputs.first, input.time < time || certain > 0 {
            defer { certain -= 1 }
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
                handled(input)
            } catch {
                let isLast = certain > 0 || time.since(input.time) > Self.jitters.largest
                if misfit == nil, place(Self.jitters.usual, with: 1) { continue }
                if isLast, place(Self.jitters.largest, with: 1) { continue }
                misfit = misfit ?? error
                if isLast { throw misfit ?? error }
                return
            }
        }
    }

    /// A message did not fit: other places for the inputs before it, and for the next ones.
    private mutating func placeAgain(upTo time: Timestamp) -> Bool {
        for jitter in [Self.jitters.usual, Self.jitters.largest] {
            let near = inputs.prefix(2).prefix { $0.time.since(time) <= jitter }
            for count in 0...near.count where place(jitter, with: count) { return true }
        }
        return false
    }

    /// Looks for an order of the near past in which the next `count` inputs fit, too.
    private mutating func place(_ jitter: Int64, with count: Int) -> Bool {
        guard let past = pasts.first, let end = past.order(inputs.prefix(count), jitter) else {
            return false
        }
        standing = end
        // What began in between began with another order.
        pasts = [past]
        for _ in 0..<count { if let input = inputs.first { handled(input) } }
        return true
    }

    private mutating func handled(_ input: LedgerInput) {
        inputs.removeFirst()
        misfit = nil
        for place in pasts.indices { pasts[place].inputs.append(input) }
    }

    /// Begins to remember where inputs are near, and forgets what is long over.
    private mutating func remember(from time: Timestamp) {
        let span = 2 * Self.jitters.largest
        if let last = pasts.last?.begin {
            guard time.since(last) > span else { return }
            if pasts.count > 1 { pasts.removeFirst() }
        }
        let isNear = inputs.first.map { $0.time.since(time) <= span } ?? false
        if isNear {
            pasts.append(InputPlacement(base: standing, begin: time, sensitive: sensitive))
        } else if let last = pasts.last, time.since(last.begin) > 2 * span {
            pasts.removeAll()
        }
    }
}
