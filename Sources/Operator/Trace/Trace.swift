import CoreModels
import EventSchema
import WireFormats

/// One run of `cdb trace`: lines in, lines out; no I/O, and no time but that of the inputs.
struct Trace {
    private var subject: any TraceSubject
    /// The highest timestamp so far.
    private var now = Timestamp(milliseconds: 0)
    private var lineNumber = 0
    private var reach = ExchangeReach()

    init(_ subject: any TraceSubject) { self.subject = subject }

    /// Takes the next line and appends what follows from it to `output`.
    ///
    /// - Returns: what is wrong with the line, naming it; nil when nothing is.
    mutating func take(_ line: LineSplitter.Line, into output: inout [UInt8]) -> String? {
        lineNumber += 1
        let bytes: [UInt8]
        switch line {
        case .tooLong: return complaint("too_large")
        case .complete(let complete): bytes = complete
        }
        guard bytes.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else {
            return nil
        }
        do throws(EventError) {
            let input = try TraceInput.decode(
                bytes, at: now, signalsByHand: subject.takesSignalsByHand)
            return take(input, into: &output).map(complaint)
        } catch {
            subject.malformed(bytes, error, at: now, into: &output)
            return complaint(error.description)
        }
    }

    private mutating func take(_ input: TraceInput, into output: inout [UInt8]) -> String? {
        switch input {
        case .fact(let fact, let moment):
            if let moment { now = max(now, moment) }
            return subject.take(fact, at: now, into: &output)
        case .health(let health):
            now = max(now, health.timestamp)
            return reach.heard(health).flatMap { subject.take($0, at: now, into: &output) }
        case .report: return nil
        case .state:
            let members = [Value.Member("type", .text("state"))] + subject.status(at: now)
            JSONWriter.append(.object(members), to: &output)
            output.append(UInt8(ascii: "\n"))
            return nil
        }
    }

    private func complaint(_ text: String) -> String { "line \(lineNumber): \(text)" }
}
