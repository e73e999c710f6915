import CoreModels
import DecisionCores

/// The three cores joined: orders and results are theirs to make.
struct TracedPipeline: TraceSubject {
    var pipeline: Pipeline
    var takesSignalsByHand: Bool { true }

    mutating func take(
        _ fact: Fact, at now: Timestamp, into lines: inout [UInt8]
    ) -> String? {
        switch fact {
        case .order: return "the pipeline makes its orders itself"
        case .orderResult: return "the pipeline makes its order_results itself"
        case .marketData, .signal, .clock, .halt, .release, .fill, .exchange, .orderBacklog,
            .endOfData, .notice:
            var events: [Event] = []
            pipeline.handle(fact, at: now, into: &events)
            lines.append(lines: events)
            return nil
        }
    }

    func status(at now: Timestamp) -> [Value.Member] { pipeline.status(at: now) }
}
