import ServiceKit

/// The one loop of `cdb up`: plays the feed, looks after the children, shows what happens.
struct Supervisor {
    enum End: Equatable {
        /// Ctrl-C, SIGTERM or `cdb down`.
        case requested
        case timeIsUp
        case feedFinished
        case feedFailed(String)
        case hopeless(String)
    }

    /// Children are looked after at least this often, milliseconds.
    private static let checkInterval: Int64 = 100
    /// How long what is under way may take when the feed is stopped, milliseconds.
    private static let drainPatience: Int64 = 10_000

    let stack: PrivateStack
    let feed: any Feed
    let live: LiveView?
    let stop: StopSignal
    let show: (String) -> Void
    private var nextCheck: Int64 = 0

    init(
        _ stack: PrivateStack, _ feed: any Feed, live: LiveView?, stop: StopSignal,
        show: @escaping (String) -> Void
    ) {
        self.stack = stack
        self.feed = feed
        self.live = live
        self.stop = stop
        self.show = show
    }

    /// Runs until something ends it.
    ///
    /// - Parameters:
    ///   - milliseconds: how long at most; nil for ever.
    ///   - endsWithFeed: whether the end of the feed is the end.
    mutating func run(
        milliseconds: Int64?, endsWithFeed: Bool, _ turn: (Int64) -> Void
    ) -> End {
        let end = milliseconds.map { SystemClock.monotonicMilliseconds + $0 }
        var isFeeding = true
        while true {
            let now = SystemClock.monotonicMilliseconds
            if stop.isRequested { return .requested }
            if let end, now >= end { return .timeIsUp }
            if let reason = check(at: now) { return .hopeless(reason) }
            var wait = max(0, nextCheck - now)
            if isFeeding {
                switch feed.step(at: now) {
                case .running(let pause): wait = min(wait, pause)
                case .failed(let reason): return .feedFailed(reason)
                case .finished:
                    if endsWithFeed { return .feedFinished }
                    isFeeding = false
                }
            }
            turn(now)
            self.wait(min(wait, end.map { max(0, $0 - now) } ?? wait), withFeed: isFeeding)
        }
    }

    /// Lets what is under way come to its end, so that nothing is cut off in the middle.
    mutating func drain() {
        feed.drain()
        let deadline = SystemClock.monotonicMilliseconds + Self.drainPatience
        while SystemClock.monotonicMilliseconds < deadline {
            let now = SystemClock.monotonicMilliseconds
            if check(at: now) != nil { return }
            guard case .running(let pause) = feed.step(at: now) else { return }
            wait(min(pause, Self.checkInterval), withFeed: true)
        }
    }

    private mutating func check(at now: Int64) -> String? {
        live?.take(at: now).forEach(show)
        guard now >= nextCheck else { return nil }
        nextCheck = now + Self.checkInterval
        return stack.check(at: now, show)
    }

    private func wait(_ milliseconds: Int64, withFeed: Bool) {
        guard milliseconds > 0 else { return }
        var entries = withFeed ? feed.pollEntries : []
        entries.append(PollEntry(stop.isRequested ? -1 : stop.fileDescriptor, .readable))
        if let live { entries.append(live.pollEntry) }
        Poller.wait(on: &entries, milliseconds: milliseconds)
    }
}
