import CoreModels
import DecisionCores
import EventSchema

/// What `cdb trace` drives: a core that turns facts into lines.
protocol TraceSubject {
    /// Whether a signal needs only symbol, side and confidence here.
    var takesSignalsByHand: Bool { get }

    /// Takes one fact and appends a line for each event that follows.
    ///
    /// - Returns: why the fact was refused, if it was.
    mutating func take(
        _ fact: Fact, at now: Timestamp, into lines: inout [UInt8]
    ) -> String?

    /// Answers a line that could not be read, where that is possible.
    mutating func malformed(
        _ line: [UInt8], _ error: EventError, at now: Timestamp, into lines: inout [UInt8])

    func status(at now: Timestamp) -> [Value.Member]
}

extension TraceSubject {
    mutating func malformed(
        _ line: [UInt8], _ error: EventError, at now: Timestamp, into lines: inout [UInt8]
    ) {}
}

/// A core of the services.
struct TracedCore<Core: DecisionCore>: TraceSubject {
    var core: Core
    let takesSignalsByHand: Bool

    mutating func take(
        _ fact: Fact, at now: Timestamp, into lines: inout [UInt8]
    ) -> String? {
        var events: [Event] = []
        core.handle(fact, at: now, into: &events)
        lines.append(lines: events)
        return nil
    }

    func status(at now: Timestamp) -> [Value.Member] { core.status(at: now) }
}

extension [UInt8] {
    /// Each event as the bus would show it, one per line.
    mutating func append(lines events: [Event]) {
        for event in events {
            EventCodec.encode(event, to: &self)
            append(UInt8(ascii: "\n"))
        }
    }
}
