import CoreModels
import ServiceKit
import WireFormats

/// What one program said of itself.
struct ProgramAnswer: Sendable {
    enum Answer: Sendable {
        case silent(String)
        case heard(failures: [ReadinessAnswer.Failure], status: Value)
    }

    let name: String
    let isFeed: Bool
    let answer: Answer

    /// `/status`; null without an answer.
    var status: Value {
        switch answer {
        case .silent: .null
        case .heard(_, let status): status
        }
    }

    private static let patience: Int64 = 2_000

    /// - Parameter url: of the program, without a path.
    static func ask(_ program: StackProgram, at url: String) -> ProgramAnswer {
        let answer: Answer
        do throws(HTTPClientError) {
            let readiness = try ReadinessAnswer.ask(url + "/readyz", patience: patience)
            let status = try HTTPClient(timeoutMilliseconds: patience)
                .send("GET", url + program.statusPath)
            var failures = readiness.failures
            if failures.isEmpty, !readiness.isReady {
                failures = [.init(check: "answer", detail: "\(url) is no \(program.name)")]
            }
            answer = .heard(failures: failures, status: Value(answer: status.body))
        } catch {
            answer = .silent(error.description)
        }
        return ProgramAnswer(
            name: program.name, isFeed: StackProgram.feeds.contains(program), answer: answer)
    }
}
