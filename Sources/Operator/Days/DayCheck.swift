import CoreModels
import DecisionCores

/// The deciding services of a stretch, each run again over what it was told.
///
/// Live, each core is given the events of the others from the ledger, so that what one of them
/// decided otherwise cannot hide behind another. A replay in lock-step leaves no freedom: there the
/// three run joined, and only the market is given.
struct DayCheck {
    // Either the three or the one.
    private var signal: LedgerCheck<SignalCore>?
    private var risk: LedgerCheck<RiskCore>?
    private var execution: LedgerCheck<ExecutionCore>?
    private var pipeline: LedgerCheck<Pipeline>?

    init(_ cores: StandingCores, _ days: LedgerStretch, _ books: LedgerBooks, isLockStep: Bool) {
        guard !isLockStep else {
            pipeline = LedgerCheck(
                cores.joined(waiting: books.inFlight),
                ExpectedEvents(days, LedgerStretch.streams), days.inputsOfPipeline(books))
            return
        }
        signal = LedgerCheck(
            cores.signal, ExpectedEvents(days, [.signals]), days.inputsOfCore,
            moments: days.momentsOfCore)
        risk = LedgerCheck(
            cores.risk, ExpectedEvents(days, [.riskDecisions, .orders, .account]),
            days.inputsOfRisk(cores.risk.limits, outageSince: books.trading.awaySince),
            moments: days.momentsOfRisk, held: books.portfolio.positions.map(\.symbol))
        execution = LedgerCheck(
            cores.execution, ExpectedEvents(days, [.orderResults]),
            days.inputsOfExecution(cores.execution.settings))
    }

    mutating func see(_ message: RecordedStretch.Message) {
        signal?.see(message)
        risk?.see(message)
        execution?.see(message)
        pipeline?.see(message)
    }

    /// The recording has ended at `time`.
    mutating func finish(at time: Timestamp) {
        signal?.finish(at: time)
        risk?.finish(at: time)
        execution?.finish(at: time)
        pipeline?.finish(at: time)
    }

    /// Those found so far, at most one per core, the oldest first.
    var differences: [Difference] {
        [signal?.difference, risk?.difference, execution?.difference, pipeline?.difference]
            .compactMap(\.self).sorted { $0.time < $1.time }
    }

    /// How many of a stream were equal.
    func equal(_ stream: CoreModels.Stream) -> Int {
        [
            signal?.standing.expected, risk?.standing.expected, execution?.standing.expected,
            pipeline?.standing.expected,
        ].compactMap(\.self).reduce(0) { $0 + $1.count(stream) }
    }
}
