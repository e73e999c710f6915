import CoreModels
import EventSchema

/// What the ledger has of some streams, and how much of it was decided again.
struct ExpectedEvents {
    /// By how much the recorder's clock reading of a message may differ from a service's, in
    /// milliseconds: both read the same clock, each when it came to the message.
    static let slack: Int64 = 2_000

    private let streams: [CoreModels.Stream]
    private let entries: [[LedgeredEvent]]
    private var cursors: [Int]
    private let end: Timestamp

    init(_ stretch: LedgerStretch, _ streams: [CoreModels.Stream]) {
        self.streams = streams
        entries = streams.map { stretch.entries[$0] ?? [] }
        cursors = streams.map { _ in 0 }
        end = stretch.to
    }

    func next(_ stream: CoreModels.Stream) -> LedgeredEvent? {
        streams.firstIndex(of: stream).flatMap(next)
    }

    private func next(_ place: Int) -> LedgeredEvent? {
        cursors[place] < entries[place].count ? entries[place][cursors[place]] : nil
    }

    /// How many of a stream were equal.
    func count(_ stream: CoreModels.Stream) -> Int {
        streams.firstIndex(of: stream).map { cursors[$0] } ?? 0
    }

    /// Compares what a core emitted, byte for byte; returns how many of these streams there were.
    ///
    /// - Parameter isTimed: the moment was the ledger's own; else that of what the market alone led
    ///   to may lie within `slack` of it, and is not compared.
    mutating func match(_ events: [Event], isTimed: Bool) throws(Difference) -> Int {
        var matched = 0
        for event in events {
            guard let place = streams.firstIndex(of: event.stream) else { continue }
            guard let entry = next(place) else {
                // At the very end the two clocks may not agree on which side it lies.
                if end.since(event.timestamp) <= Self.slack { continue }
                throw .notInLedger(event)
            }
            let distance = event.timestamp.since(entry.event.timestamp).magnitude
            let isNear = !isTimed && distance <= Self.slack
            let found = isNear ? event.timed(entry.event.timestamp) : event
            guard EventCodec.encode(found) == entry.bytes else {
                throw Self.difference(entry, event)
            }
            cursors[place] += 1
            matched += 1
        }
        return matched
    }

    /// Two that have not the same origin are not one event that came out otherwise.
    private static func difference(_ entry: LedgeredEvent, _ event: Event) -> Difference {
        let isSignal = event.stream == .signals
        guard entry.event.envelope.cause == event.envelope.cause,
            !isSignal || entry.event.market == event.market,
            entry.event.timestamp.since(event.timestamp).magnitude <= slack
        else {
            return event.timestamp < entry.event.timestamp
                ? .notInLedger(event) : .notDecided(entry)
        }
        return .between(entry, event)
    }

    /// The oldest event that should have been decided again before `time`.
    func overdue(at time: Timestamp) -> LedgeredEvent? {
        var oldest: LedgeredEvent?
        for place in streams.indices {
            guard let entry = next(place), time.since(entry.event.timestamp) > Self.slack else {
                continue
            }
            if let known = oldest, known.event.timestamp <= entry.event.timestamp { continue }
            oldest = entry
        }
        return oldest
    }
}

extension Event {
    /// The same at another time.
    fileprivate func timed(_ time: Timestamp) -> Event {
        switch self {
        case .signal(var event):
            event.timestamp = time
            return .signal(event)
        case .riskDecision(var event):
            event.timestamp = time
            return .riskDecision(event)
        case .order(var event):
            event.timestamp = time
            return .order(event)
        case .orderResult(var event):
            event.timestamp = time
            return .orderResult(event)
        case .account(var event):
            event.timestamp = time
            return .account(event)
        case .alert(var event):
            event.timestamp = time
            return .alert(event)
        }
    }
}
