import CoreModels
import ServiceKit

/// What plays a market into a stack: one bounded step after the other, on the supervisor's thread.
protocol Feed: AnyObject {
    /// As people call it: `sim`, `replay of 7 files`.
    var title: String { get }
    /// What to wait for before the next step, beside the time.
    var pollEntries: [PollEntry] { get }
    var progress: FeedProgress { get }

    /// Takes what is ready and sends what may be sent; at most 20 ms.
    ///
    /// - Parameter now: milliseconds of the clock that never goes back.
    func step(at now: Int64) -> FeedState

    /// Nothing new is sent any more; it is finished when what is under way is done.
    func drain()
}

enum FeedState: Equatable {
    /// To be called again when a descriptor is ready or after this time.
    case running(wakeAfterMilliseconds: Int64)
    case finished
    case failed(String)
}

struct FeedProgress: Equatable {
    /// The number of the last message sent, from the feed's very beginning.
    var messages: Int64 = 0
    /// Part of the data that is done, in per mille; nil where there is no end.
    var doneInThousand: Int?
    /// Where the market is.
    var marketTime: Timestamp?
}

/// `--feed none`: somebody else brings the market.
final class NoFeed: Feed {
    let title = "no feed"
    let pollEntries: [PollEntry] = []
    let progress = FeedProgress()

    private var isDraining = false

    func step(at now: Int64) -> FeedState {
        isDraining ? .finished : .running(wakeAfterMilliseconds: 1_000)
    }

    func drain() { isDraining = true }
}
