import CoreModels
import DecisionCores
import Glibc
import ServiceKit
import Services

/// `cdb trace CORE < events.jsonl`: one pure core by hand.
enum TraceCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "trace", "one pure core by hand: events in on standard input, events out",
        operands: [.init("CORE")],
        options: [
            Option("set", .repeated("KEY=VALUE"), "a variable of docs/CONFIGURATION.md")
        ],
        details: """
            CORE is screener, signal, risk, execution or pipeline (all joined).
            Input, one JSON object per line: the events of docs/EVENT_SCHEMA.json, and
              {"type":"clock","timestamp":…}    time passes
              {"type":"halt","flatten":true}    kill switch
              {"type":"release","rebase":true}  lifts a halt, and begins the day anew
              {"type":"fill","symbol":…,"side":…,"quantity":…,"price":…,"timestamp":…}
                                                a fill by hand
              {"type":"state"}                  prints the core's state
            Time is the highest timestamp so far. A bad line is named on standard error and skipped.
            """)

    /// Longer lines are named and skipped; no event is nearly as long.
    private static let lineLimit = 1_048_576
    private static let pieceSize = 65_536

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let settings = try CoreSettings(overrides: arguments.pairs("set"))
        for warning in settings.warnings { context.console.complain("cdb trace: WARN \(warning)") }
        guard let subject = subject(arguments.operands[0], settings) else {
            throw CommandFailure.wrongUse(
                "\(arguments.operands[0]) is no core: "
                    + "screener, signal, risk, execution or pipeline is wanted")
        }
        var trace = Trace(subject)
        var splitter = LineSplitter(limit: lineLimit)
        var piece = [UInt8](repeating: 0, count: pieceSize)
        var isRead = true
        while isRead {
            let count = read(STDIN_FILENO, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure.failed(
                    "standard input cannot be read: \(String(cString: strerror(errno)))")
            }
            var output: [UInt8] = []
            let take = { (line: LineSplitter.Line) in
                if let complaint = trace.take(line, into: &output) {
                    context.console.complain(complaint)
                }
            }
            if count > 0 { splitter.take(piece[..<count], take) } else { splitter.end(take) }
            isRead = count > 0 && context.console.write(output)
            if count == 0 { context.console.write(output) }
        }
        return .silent
    }

    private static func subject(_ name: String, _ settings: CoreSettings) -> (any TraceSubject)? {
        let signal = SignalCore(settings: settings.signal)
        let risk = RiskCore(limits: settings.risk)
        let execution = ExecutionCore(settings: settings.paper)
        switch name {
        case "screener": return TracedScreener(ScreenerCore(settings: settings.screener))
        case "signal": return TracedCore(core: signal, takesSignalsByHand: true)
        case "risk": return TracedCore(core: risk, takesSignalsByHand: false)
        case "execution": return TracedExecution(core: execution)
        case "pipeline":
            let pipeline = Pipeline(signal: signal, risk: risk, execution: execution)
            return TracedPipeline(pipeline: pipeline)
        default: return nil
        }
    }
}
