import CoreModels
import DecisionCores
import EventSchema

/// `cdb replay-day`: a stretch of production run again through the pure cores.
struct ReplayDay {
    private var days: RecordedDays
    private var line: ProgressLine

    init(_ days: RecordedDays, _ console: Console) {
        self.days = days
        line = ProgressLine(console)
    }

    /// Compares every decision with the ledger, up to the first that differs.
    mutating func check() throws -> Report {
        var check = DayCheck(
            days.cores, days.stretch, days.books, isLockStep: days.isLockStep)
        while let message = try days.next() {
            check.see(message)
            line.show("\(days.messages) market_data, \(message.time.text)")
            // Another core may have found an older one a little later.
            if let found = check.differences.first,
                message.time.since(found.time) > 3 * ExpectedEvents.slack
            {
                break
            }
        }
        check.finish(at: days.end)
        line.end()
        return report(check)
    }

    private func report(_ check: DayCheck) -> Report {
        let difference = firstDifference(check)
        let streams = LedgerStretch.streams
        let equal = streams.map { check.equal($0) }
        let counts = zip(streams, equal).map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
        let rest = zip(streams, equal).map { (days.stretch.entries[$0]?.count ?? 0) - $1 }
            .reduce(0, +)
        var lines = header + ["equal: \(counts)"]
        if difference == nil, rest > 0 {
            lines.append("not compared: \(rest) events at or after the recording's end")
        }
        lines += difference?.lines ?? ["every decision is what the cores decide"]
        var members: [Value.Member] = [
            .init("from", .time(days.stretch.from)), .init("to", .time(days.end)),
            .init("messages", .integer(Int64(days.messages))),
            .init("clock", .text(days.recording.clock.rawValue)),
            .init("lock_step", .flag(days.isLockStep)),
            .init(
                "equal",
                .object(zip(streams, equal).map { .init($0.rawValue, .integer(Int64($1))) })),
            .init("not_compared", .integer(Int64(difference == nil ? rest : 0))),
        ]
        members.append(.init("holes", .list(days.holes.map(\.value))))
        members.append(.init("notes", .list(days.notes.map { .text($0) })))
        members.append(.init("difference", difference?.value ?? .null))
        return Report(lines, members, exitCode: difference == nil ? 0 : 1)
    }

    /// What came of messages after the recording's end, or in a hole of it, is no difference.
    private func firstDifference(_ check: DayCheck) -> Difference? {
        for found in check.differences where found.time <= days.end {
            guard let market = found.ledger?.market, days.recording.lacks(market) else {
                return found
            }
            let isAtEnd = days.end.since(found.time) <= ExpectedEvents.slack
            if isAtEnd, days.recording.endsBefore(market) { continue }
            return Difference(
                kind: .notRecorded, id: found.id, time: found.time, ledger: found.ledger)
        }
        return nil
    }

    private var header: [String] {
        let kind = days.isLockStep ? "lock-step" : "\(days.recording.clock.rawValue) clock"
        return [
            "\(days.stretch.from.text) to \(days.end.text), \(kind): \(days.messages) market_data "
                + "of the recording"
        ] + days.holes.map(\.text) + days.notes
    }

    /// Prints the decisions, one event a line.
    mutating func list(_ context: Context) throws -> Report {
        var loop = ClosedLoop(days, days.cores)
        while let message = try days.next() {
            for event in loop.see(message) {
                if context.wantsJSON {
                    context.console.write(EventCodec.encode(event) + [UInt8(ascii: "\n")])
                } else if let text = EventLine(event)?.text {
                    context.console.say("\(event.timestamp.text.prefix(10)) \(text)")
                }
            }
            line.show("\(days.messages) market_data, \(message.time.text)")
        }
        line.end()
        for text in header { context.console.complain(text) }
        return .silent
    }
}
