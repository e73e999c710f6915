import CoreModels
import DecisionCores
import ServiceKit

/// A stretch of production, ready to be run again: its market, its ledger, and the cores as they
/// stood when it began.
struct RecordedDays {
    /// How much of the market before it the cores look at, in milliseconds.
    private static let warmUp: Int64 = 3_600_000
    /// A recording that begins in the middle of the ledger is compared after this much of it: the
    /// windows of momentum, spread and volatility and the cooldowns are filled then.
    private static let leastWarmUp: Int64 = 300_000

    let settings: StandingSettings
    let stretch: LedgerStretch
    let books: LedgerBooks
    private(set) var recording: RecordedStretch
    private(set) var cores: StandingCores
    /// The same with other settings, where they were asked for.
    private(set) var changed: StandingCores?
    /// What the operator should know before believing the rest.
    private(set) var notes: [String] = []
    private(set) var messages = 0
    /// The feed's messages waited for its consumers.
    private(set) var isLockStep = false
    private let moments: [MarketReference: Timestamp]
    /// The first message of the stretch.
    private var first: RecordedStretch.Message?

    /// - Parameter overrides: what is changed; nil for a check, which needs the settings of then.
    /// - Throws: `CommandFailure` when there is nothing to run again.
    init(
        _ reader: LedgerReader, recordings words: [String], from: Timestamp, to end: Timestamp,
        environment: [String: String], overrides: [String: String]? = nil,
        _ progress: (String) -> Void
    ) throws {
        let newest = try StandingSettings(reader, at: nil, environment: environment)
        let other = try overrides.map {
            try StandingSettings(reader, at: nil, environment: environment, overrides: $0)
        }
        recording = try RecordedStretch(
            words, clock: newest.clock, start: from.advanced(by: -Self.warmUp))
        let clock = recording.clock
        let to = clock == .wall ? min(end, SystemClock.now()) : end
        guard from < to else { throw CommandFailure.failed("\(from.text) has not come yet") }
        settings =
            clock == .wall && overrides == nil
            ? try StandingSettings(reader, at: to, environment: environment) : newest
        let begin = try Self.begin(reader, recording.begin, from)
        guard begin < to else {
            throw CommandFailure.failed(
                "the recording begins at \(recording.begin.text), too late for a stretch that ends "
                    + "at \(to.text)")
        }
        var stretch = try LedgerStretch(reader, from: begin, to: to)
        if clock == .wall, !stretch.beginsTheLedger, stretch.quietStart < to {
            // What was under way at the border could be neither side's.
            stretch = try LedgerStretch(reader, from: stretch.quietStart, to: to)
        }
        self.stretch = stretch
        books = try LedgerBooks(reader, stretch, settings.risk)
        let earlier = try reader.entries(
            .signals, after: max(0, stretch.head(.signals) - 5_000),
            through: stretch.head(.signals)
        ).compactMap { if case .signal(let signal) = $0.event { signal } else { nil } }
        cores = StandingCores(settings, earlier: earlier)
        changed = other.map { StandingCores($0, earlier: earlier) }
        moments = stretch.momentsOfCore
        if settings.isOfEnvironment {
            notes.append(
                "the services never said what they were configured with: the environment says")
        }
        if clock == .wall { try noteChanges(reader, to) }
        if begin > from { note(begin) }
        try warmUp(progress)
    }

    /// Where the stretch begins at the earliest.
    private static func begin(
        _ reader: LedgerReader, _ recorded: Timestamp, _ from: Timestamp
    ) throws -> Timestamp {
        let first = recorded.advanced(by: -ExpectedEvents.slack)
        guard from.since(recorded) < leastWarmUp else { return from }
        for stream in LedgerStretch.streams {
            let before = try reader.bounds(of: stream, from: first, to: first).before
            if before > 0 { return max(from, recorded.advanced(by: leastWarmUp)) }
        }
        return max(from, first)
    }

    private mutating func note(_ begin: Timestamp) {
        notes.append(
            stretch.beginsTheLedger
                ? "the ledger and the recording begin at \(recording.begin.text)"
                : "the recording begins at \(recording.begin.text); its first minutes fill the "
                    + "windows, so it is compared from \(begin.text) on")
    }

    private mutating func noteChanges(_ reader: LedgerReader, _ to: Timestamp) throws {
        let changes = try StandingSettings.changes(reader, after: stretch.from, before: to)
        guard changed == nil else { return notes += changes.map(\.text) }
        guard let change = changes.first else { return }
        throw CommandFailure.wrongUse(
            "\(change.text): take the time before it and the time after it apart")
    }

    /// Up to the first message of the stretch.
    private mutating func warmUp(_ progress: (String) -> Void) throws(CommandFailure) {
        let start = stretch.from.advanced(by: -Self.warmUp)
        // Before the ledger's first event the services did not run.
        let birth = stretch.accounts.first?.timestamp.advanced(by: -ExpectedEvents.slack)
        while let message = try recording.next() {
            let moment = message.data.reference.flatMap { moments[$0] } ?? message.time
            if moment < stretch.from {
                if message.time >= start, !stretch.beginsTheLedger {
                    cores.see(message)
                    changed?.see(message)
                }
                if recording.rows % 50_000 == 0 { progress("before it: \(message.time.text)") }
            } else if !stretch.beginsTheLedger || birth.map({ message.time >= $0 }) ?? true {
                first = message
                isLockStep = message.data.reference?.isLockStep ?? false
                break
            }
        }
        guard first != nil else {
            let end = recording.last.map { "ends at \($0.text)" } ?? "holds nothing"
            throw .failed(
                "the recording \(end), before \(stretch.from.text): cdb record has to run beside "
                    + "the stack")
        }
        cores = books.applied(to: cores)
        changed = changed.map(books.applied)
    }

    /// The next message of the stretch; nil at its end.
    mutating func next() throws(CommandFailure) -> RecordedStretch.Message? {
        var message = first
        if message != nil { first = nil } else { message = try recording.next() }
        while let found = message {
            guard found.time < stretch.to else { return nil }
            guard isRefused(found) else {
                messages += 1
                return found
            }
            message = try recording.next()
        }
        return nil
    }

    /// On the wall clock the services do not take what is more than a minute ahead of it.
    private func isRefused(_ message: RecordedStretch.Message) -> Bool {
        recording.clock == .wall && message.data.timestamp.since(message.time) > 60_000
    }

    /// What of the stretch was not recorded.
    var holes: [RecordedHole] { recording.holes.filter { $0.before >= stretch.from } }

    /// Where the recording ended before the stretch did.
    var end: Timestamp { min(stretch.to, recording.last ?? stretch.from) }
}
