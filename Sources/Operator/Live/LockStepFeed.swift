import CoreModels
import ServiceKit

/// A replay as a feed of `cdb up` and `cdb replay`.
final class LockStepFeed: Feed {
    let title: String
    private let replayer: Replayer
    private let doneInThousand: () -> Int?

    /// - Parameter doneInThousand: part of the source that is read; nil where it has no end.
    init(_ title: String, _ replayer: Replayer, doneInThousand: @escaping () -> Int? = { nil }) {
        self.title = title
        self.replayer = replayer
        self.doneInThousand = doneInThousand
    }

    var pollEntries: [PollEntry] { replayer.pollEntries }

    var progress: FeedProgress {
        FeedProgress(
            messages: replayer.sentCount, doneInThousand: doneInThousand(),
            marketTime: replayer.marketTime)
    }

    func step(at now: Int64) -> FeedState {
        do {
            switch try replayer.step() {
            case .running(let milliseconds):
                return .running(wakeAfterMilliseconds: Int64(milliseconds))
            case .finished: return .finished
            }
        } catch { return .failed("\(error)") }
    }

    func drain() { replayer.drain() }
}
