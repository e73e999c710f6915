import CoreModels
import EventSchema
import Ledger
import RedisBus
import ServiceKit

/// Sends a feed through the bus in lock-step: nothing is dropped, and two runs are equal.
///
/// Bells on `cdb:progress` say how far the consumers are; when an answer is missing for 200 ms the
/// committed offsets are read from the ledger and everything above the lowest is sent again.
final class Replayer {
    enum Step: Equatable {
        /// Call again after so many milliseconds, or when a descriptor is ready.
        case running(milliseconds: Int64)
        /// Every message is handled and committed by every consumer.
        case finished
    }

    static let answerTimeout: Int64 = 200
    /// One step never takes longer than this, so that its owner can look after other things.
    static let stepLimit: Int64 = 20

    private let feed: String
    private var source: any ReplaySource
    private let offsets: OffsetReader
    /// Market seconds per second; nil sends as fast as the consumers take it.
    private let speed: Double?

    private var subscriber: RedisSubscriber
    private var publisher: RedisPublisher
    private var window: ReplayWindow
    private var isExhausted = false
    private var isDraining = false
    private var lastAnswer: Int64
    private var pacing: (market: Timestamp, wall: Int64)?

    /// Market time of the last message sent.
    private(set) var marketTime: Timestamp?
    var sentCount: Int64 { window.sent }

    /// - Parameter speed: market seconds per second; 0 or below means as fast as possible.
    /// - Throws: `PostgresError` when the committed offsets cannot be read; what `source` throws.
    init(
        source: any ReplaySource, redis: RedisSettings, postgres: PostgresSettings, speed: Double
    ) throws {
        self.source = source
        self.speed = speed > 0 ? speed : nil
        feed = source.feed
        offsets = try OffsetReader(postgres)
        let committed = offsets.lowest(feed: source.feed) ?? 0
        window = ReplayWindow(committed: committed)
        try self.source.skip(through: committed)
        subscriber = RedisSubscriber(settings: redis, channels: [Channel.progress.rawValue])
        publisher = RedisPublisher(settings: redis)
        lastAnswer = SystemClock.monotonicMilliseconds
    }

    var pollEntries: [PollEntry] { [subscriber.pollEntry, publisher.pollEntry] }

    /// Nothing new is sent any more; what is under way is awaited.
    func drain() { isDraining = true }

    func step() throws -> Step {
        let started = SystemClock.monotonicMilliseconds
        subscriber.service(started)
        publisher.service(started)
        receive(started)
        var wait: Int64 = 20
        if subscriber.isSubscribed {
            wait = try send(started)
            sendAgainIfUnanswered(started)
        }
        publisher.flush()
        if (isExhausted || isDraining), window.sent == window.produced || isDraining,
            window.isCommitted
        {
            return .finished
        }
        return .running(milliseconds: wait)
    }

    private func receive(_ now: Int64) {
        subscriber.receive(limit: 4096) { _, bytes in
            // What is no bell of this feed says nothing to us.
            guard
                case .success(let bell) = Result(catching: { () throws(EventError) in
                    try ProgressBellCodec.decode(
                        bytes, from: .foreign(at: Timestamp(milliseconds: 0)))
                }), bell.feed == feed, !bell.isEndOfData
            else { return }
            window.reported(bell)
            lastAnswer = now
        }
    }

    /// Sends what is due; returns how long nothing will be due.
    private func send(_ started: Int64) throws -> Int64 {
        var now = started
        while !isDraining {
            if window.wantsMore { try produce() }
            guard let message = window.next() else { break }
            if let delay = delay(message.timestamp, now), delay > 0 {
                return min(delay, Self.answerTimeout)
            }
            publisher.publish(message.channel.rawValue, message.bytes)
            window.markSent()
            marketTime = message.timestamp
            if window.sent % 64 == 0 {
                now = SystemClock.monotonicMilliseconds
                if now - started > Self.stepLimit { return 0 }
            }
        }
        return Self.answerTimeout
    }

    private func produce() throws {
        guard !isExhausted else { return }
        var bytes: [UInt8] = []
        if let data = try source.next() {
            MarketDataCodec.encode(data, to: &bytes)
            window.produce(.init(channel: .marketData, bytes: bytes, timestamp: data.timestamp))
        } else {
            isExhausted = true
            let end = MarketReference(feed: feed, sequence: window.produced + 1)
            window.produce(
                .init(
                    channel: .progress, bytes: ProgressBellCodec.encode(.endOfData(end)),
                    timestamp: marketTime ?? Timestamp(milliseconds: 0)))
        }
    }

    /// How long a message still has to wait at this speed; nil when there is no pace.
    private func delay(_ time: Timestamp, _ now: Int64) -> Int64? {
        guard let speed else { return nil }
        guard let pacing else {
            pacing = (time, now)
            return nil
        }
        let due = Double(time.since(pacing.market)) / speed
        return Int64(due) - (now - pacing.wall)
    }

    private func sendAgainIfUnanswered(_ now: Int64) {
        // Settled means answered; only the commit of quiet market data is still to come.
        let patience = window.isSettled ? 10 * Self.answerTimeout : Self.answerTimeout
        if window.isCommitted { lastAnswer = now }
        guard now - lastAnswer >= patience else { return }
        lastAnswer = now
        // Without an answer of the ledger either, what the bells confirmed is the lowest known.
        window.sendAgain(from: offsets.lowest(feed: feed) ?? window.forgotten)
    }
}
