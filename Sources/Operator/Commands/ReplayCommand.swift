import MarketFiles
import CoreModels
import ServiceKit

/// `cdb replay FILE…`: recorded market data into a stack that runs.
enum ReplayCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "replay", "plays recorded market data into a stack that runs",
        options: FeedChoice.dataOptions + [StackAddress.option],
        details: """
            In lock-step: nothing is dropped, and the same files go on after what was committed.
            Give the services CDB_CLOCK=market, so that time is that of the files; cdb up --feed
            replay does so by itself.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let choice = try FeedChoice(arguments, replaysOnly: true)
        let stack = try StackAddress.find(arguments, context)
        let settings = try stack.allSettings()
        guard let files = try choice.openFiles() else { return .silent }
        let history = try stack.withDatabase { try MarketHistory.read($0, feed: files.feed) }
        try history.refuseEarlier(files)
        let feed = try FeedPlan.recordedFeed(files, choice, settings, stack)
        return try play(feed, context)
    }

    private static func play(_ feed: any Feed, _ context: Context) throws -> Report {
        let stop = try StopSignal.install()
        var line = ProgressLine(context.console)
        let started = SystemClock.monotonicMilliseconds
        let before = feed.progress.messages
        while true {
            if stop.isRequested { feed.drain() }
            switch feed.step(at: SystemClock.monotonicMilliseconds) {
            case .failed(let reason): throw CommandFailure.failed(reason)
            case .finished:
                line.end()
                return report(
                    feed, feed.progress.messages - before,
                    SystemClock.monotonicMilliseconds - started)
            case .running(let pause):
                let progress = feed.progress
                line.show("\(progress.messages) market_data", share: progress.doneInThousand)
                var entries = feed.pollEntries
                entries.append(PollEntry(stop.isRequested ? -1 : stop.fileDescriptor, .readable))
                Poller.wait(on: &entries, milliseconds: pause)
            }
        }
    }

    private static func report(
        _ feed: any Feed, _ messages: Int64, _ milliseconds: Int64
    ) -> Report {
        let rate = messages * 1000 / max(1, milliseconds)
        return Report(
            [
                feed.title,
                "\(messages) market_data handled in \(milliseconds) ms, \(rate) a second",
            ],
            [
                .init("messages", .integer(messages)),
                .init("milliseconds", .integer(milliseconds)),
            ])
    }
}
