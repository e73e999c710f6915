import CoreModels
import EventSchema
import MarketSources
import RedisBus
import ServiceKit

/// One run of `cdb record`: takes what is on the bus until it is told to end.
struct RecordRun {
    private static let batch = 4_096
    private static let flushInterval: Int64 = 1_000
    private static let pause: Int64 = 200
    /// For the last messages of feeds that have ended.
    private static let lastWait: Int64 = 50

    private var source: any RecordSource
    private var recorder: MarketRecorder
    private let folder: RecordingFolder
    private let subscriber: RedisSubscriber
    private let stop: StopSignal
    private let console: Console
    private var line: ProgressLine
    private var flushedAt: Int64 = 0
    private var wasSubscribed = false
    private var saidWaiting = false
    /// How often the bus was away.
    private var losses = 0

    init(
        _ source: any RecordSource, _ folder: RecordingFolder, _ options: RecordOptions,
        _ stop: StopSignal, _ console: Console
    ) {
        self.source = source
        self.folder = folder
        self.stop = stop
        self.console = console
        recorder = MarketRecorder(folder, options)
        subscriber = RedisSubscriber(
            settings: source.redis, channels: [Channel.marketData.rawValue])
        line = ProgressLine(console)
    }

    /// - Parameter milliseconds: how long at most; nil until it is stopped.
    mutating func run(milliseconds: Int64?) throws -> Report {
        let end = milliseconds.map { SystemClock.monotonicMilliseconds + $0 }
        recorder.removeOld(SystemClock.now())
        do {
            while !stop.isRequested {
                let now = SystemClock.monotonicMilliseconds
                if let end, now >= end { break }
                try lookAfterSource(now)
                let isMore = try turn(now)
                let left = end.map { max(0, $0 - now) } ?? Self.pause
                if !isMore { wait(min(Self.pause, left)) }
            }
            source.finish()
            wait(Self.lastWait)
            while try turn(SystemClock.monotonicMilliseconds) {}
            line.end()
            try recorder.endFile(SystemClock.now())
        } catch let error as MarketFileError {
            line.end()
            throw CommandFailure.failed(complaint(error))
        }
        return report()
    }

    private mutating func lookAfterSource(_ now: Int64) throws(CommandFailure) {
        var notices: [String] = []
        let reason = source.check(at: now) { notices.append($0) }
        for text in notices { notice(text) }
        if let reason { throw .failed(reason) }
    }

    /// Takes what is there.
    /// - Returns: whether there may be more.
    private mutating func turn(_ now: Int64) throws -> Bool {
        subscriber.service(now)
        let receivedAt = SystemClock.now()
        var failure: MarketFileError?
        let count = subscriber.receive(limit: Self.batch) { _, bytes in
            guard failure == nil else { return }
            do throws(MarketFileError) {
                try recorder.take(bytes, receivedAt: receivedAt)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        try noticeConnection()
        if now - flushedAt >= Self.flushInterval {
            flushedAt = now
            try recorder.flush()
        }
        show()
        return count == Self.batch
    }

    private mutating func noticeConnection() throws {
        if let error = subscriber.lastError, !error.isRetryable {
            throw CommandFailure.failed("\(error)")
        }
        if subscriber.isSubscribed {
            if !wasSubscribed {
                notice(
                    saidWaiting
                        ? "Redis is there again: what was missed is counted"
                        : "recording \(source.title) into \(folder.path)")
            }
            wasSubscribed = true
            saidWaiting = false
        } else if !saidWaiting, let error = subscriber.lastError {
            saidWaiting = true
            if wasSubscribed { losses += 1 }
            wasSubscribed = false
            notice("waiting for Redis: \(error)")
        }
    }

    private mutating func notice(_ text: String) {
        line.end()
        console.complain(text)
    }

    private mutating func show() {
        let time = recorder.marketTime.map { ", the market is at \($0.text)" } ?? ""
        line.show(
            "\(recorder.messages) market_data of \(recorder.symbolCount) symbols, "
                + "\(recorder.counts.missed) missed, \(recorder.size / 1000) kB\(time)")
    }

    private func wait(_ milliseconds: Int64) {
        var entries = [
            subscriber.pollEntry,
            PollEntry(stop.isRequested ? -1 : stop.fileDescriptor, .readable),
        ]
        let due = subscriber.nextDeadline - SystemClock.monotonicMilliseconds
        Poller.wait(on: &entries, milliseconds: max(0, min(milliseconds, due)))
    }

    private func complaint(_ error: MarketFileError) -> String {
        let rest = recorder.currentName.map {
            "; what \($0)\(RecordingFolder.inHand) holds is recovered by the next cdb record"
        }
        return "\(error)\(rest ?? "") (make room, or keep fewer days with --keep-days)"
    }

    private func report() -> Report {
        let counts = recorder.counts
        var lines = [
            "\(recorder.messages) market_data of \(recorder.symbolCount) symbols in "
                + "\(recorder.files.count) files, \(recorder.size) bytes, in \(folder.path)"
        ]
        if counts.missed > 0 {
            lines.append("\(counts.missed) were missed: the feed's numbers have gaps")
        }
        if counts.duplicates > 0 { lines.append("\(counts.duplicates) came twice") }
        if let refusal = recorder.lastRefusal {
            lines.append("\(recorder.refused) were no market_data, the last one: \(refusal)")
        }
        if recorder.removed > 0 { lines.append("\(recorder.removed) old recordings were removed") }
        return Report(
            lines,
            [
                .init("messages", .integer(recorder.messages)),
                .init("symbols", .integer(Int64(recorder.symbolCount))),
                .init("missed", .integer(counts.missed)),
                .init("duplicates", .integer(counts.duplicates)),
                .init("refused", .integer(recorder.refused)),
                .init("passed_over", .integer(recorder.passedOver)),
                .init("redis_losses", .integer(Int64(losses))),
                .init("removed", .integer(Int64(recorder.removed))),
                .init("bytes", .integer(recorder.size)),
                .init(
                    "files", .list(recorder.files.map { .text(folder.file($0)) })),
            ])
    }
}
