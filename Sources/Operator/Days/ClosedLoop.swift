import CoreModels
import DecisionCores

/// The three cores joined over a recorded market, each answer given at once: what they would decide
/// by themselves from where the ledger stood. Signals by hand, operators' commands and outages of
/// the exchange come when the ledger says.
struct ClosedLoop {
    private(set) var pipeline: Pipeline
    private var inputs: ArraySlice<LedgerInput>
    private let ticks: Bool
    private var ticked = Timestamp(milliseconds: .min)

    init(_ days: RecordedDays, _ cores: StandingCores) {
        pipeline = cores.joined(waiting: days.books.inFlight)
        inputs = days.stretch.inputsOfPipeline(days.books)[...]
        ticks = days.recording.clock == .wall
    }

    /// What is decided before and at a message.
    mutating func see(_ message: RecordedStretch.Message) -> [Event] {
        var events: [Event] = []
        while let input = inputs.first, input.time < message.time {
            pipeline.handle(input.fact, at: input.time, into: &events)
            inputs.removeFirst()
        }
        if ticks, message.time.since(ticked) >= 1000 {
            ticked = message.time
            pipeline.handle(.clock, at: message.time, into: &events)
        }
        pipeline.marketDataSeen(message.data, at: message.time, into: &events)
        return events
    }
}
