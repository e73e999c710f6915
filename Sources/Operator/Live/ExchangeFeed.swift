import CoreModels
import ServiceKit
import WireFormats

/// An exchange, the real one or the simulator, as the feed of `cdb up`: cdb_ws and cdb_rest play it
/// by themselves.
final class ExchangeFeed: Feed {
    let title: String
    let pollEntries: [PollEntry] = []
    /// As told last.
    private(set) var progress = FeedProgress()
    private let stack: PrivateStack
    private let address: StackAddress
    private let programs: [StackProgram]
    private let client = HTTPClient(timeoutMilliseconds: 1_000)
    private static let askInterval: Int64 = 1_000
    private var nextQuestion: Int64 = 0
    private var isDraining = false

    /// - Parameter programs: in the order they end.
    init(
        _ title: String, _ stack: PrivateStack, _ address: StackAddress, _ programs: [StackProgram]
    ) {
        self.title = title
        self.stack = stack
        self.address = address
        self.programs = programs
    }

    func step(at now: Int64) -> FeedState {
        if isDraining { return .finished }
        if now >= nextQuestion {
            nextQuestion = now + Self.askInterval
            ask()
        }
        return .running(wakeAfterMilliseconds: nextQuestion - now)
    }

    func drain() {
        ask()
        for program in programs { stack.stop([program]) }
        isDraining = true
    }

    /// Who does not answer just now is passed over: its readiness is somebody else's business.
    private func ask() {
        var messages: Int64 = 0
        for program in programs {
            guard let status = status(of: program) else { continue }
            messages += status["published"].integer ?? 0
            progress.marketTime = status["market_time"].time ?? progress.marketTime
        }
        progress.messages = max(progress.messages, messages)
    }

    private func status(of program: StackProgram) -> Value? {
        do {
            let url = try address.url(of: program, program.statusPath)
            return Value(answer: try client.send("GET", url).body)
        } catch {
            return nil
        }
    }
}
