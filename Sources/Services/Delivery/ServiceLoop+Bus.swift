import CoreModels
import EventSchema
import RedisBus
import ServiceKit

// What arrives from Redis: market data is the mail itself; everything else is a bell.
extension ServiceLoop {
    static var channels: [Channel] {
        var channels = Set((Work.consumed + Work.service.streams).map { Channel($0) })
        channels.formUnion(Work.extraChannels)
        if Work.takesMarketData { channels.formUnion([.marketData, .progress]) }
        return channels.sorted { $0.rawValue < $1.rawValue }
    }

    func receive(_ monotonic: Int64) {
        let receipt = now
        let count = subscriber.receive(limit: Self.marketBatch) { [self] channel, bytes in
            if channel == Channel.marketData.rawValue {
                marketDataCame = true
                return receiveMarketData(bytes, receipt)
            }
            guard let channel = Channel(rawValue: channel) else { return }
            receive(channel, bytes, receipt, monotonic)
        }
        moreWaits = count == Self.marketBatch
        if marketDataCame { lastMarketData = monotonic }
        marketDataCame = false
    }

    private func receive(
        _ channel: Channel, _ bytes: UnsafeRawBufferPointer, _ receipt: Timestamp,
        _ monotonic: Int64
    ) {
        if channel == .progress { return receiveProgress(bytes, receipt) }
        if Work.extraChannels.contains(channel) {
            guard session != nil else { return }
            work.message(channel, bytes, at: receipt, into: &events)
            changedSinceCommit = true
            return
        }
        hear(channel, bytes, monotonic)
        if Self.isOwn(channel) { receiveOwn(channel, bytes, monotonic) }
    }

    /// A message that tells of a row not read yet. The very next row is handled as it stands here and
    /// proved by the commit (ADR 0010), which spares a question to the ledger; anything else is a
    /// bell. The ledger is asked once a second in any case.
    private func hear(
        _ channel: Channel, _ bytes: UnsafeRawBufferPointer, _ monotonic: Int64
    ) {
        lastBell = monotonic
        guard !bellRang, let stream = Work.consumed.first(where: { Channel($0) == channel }) else {
            return
        }
        guard channel != .alerts, let sequence = EventCodec.sequenceHint(bytes) else {
            return bellRang = true
        }
        guard sequence > session?.standing.fetched[stream] ?? 0 else { return }
        let isTaken =
            lockStep == nil && Work.gatherInterval == 0 && monotonic >= trustsBusFrom
            && session?.take(stream, sequence, Array(bytes)) == true
        if isTaken { mailCame = true } else { bellRang = true }
    }

    private func receiveMarketData(_ bytes: UnsafeRawBufferPointer, _ receipt: Timestamp) {
        let data: MarketData
        do {
            data = try decoder.decode(bytes.bytes)
        } catch {
            return refuse(.marketData, error, bytes)
        }
        guard session != nil else { return metrics.rejected("no_session") }
        if !settings.marketClock, data.timestamp.since(receipt) > 60_000 {
            metrics.rejected("time_ahead")
            logger.limited(
                "time_ahead", .warning, "market_data_refused",
                "a market_data of \(data.symbol) is more than 60 s ahead of the clock",
                [.init("timestamp", .time(data.timestamp))])
            return
        }
        if let reference = data.reference {
            if reference.isLockStep { return receiveReplay(.marketData(data), reference) }
            lockStep = nil
            switch feeds.receive(reference) {
            case .duplicate: return metrics.duplicates.increment()
            case .new(let missed): if missed > 0 { metrics.gaps.increment(by: UInt64(missed)) }
            }
        }
        handle(data)
    }

    func handle(_ data: borrowing MarketData) {
        if settings.marketClock, data.timestamp > marketNow { marketNow = data.timestamp }
        let started = metrics.marketDataBegins()
        work.marketData(data, at: now, into: &events)
        metrics.marketDataHandled(since: started)
        changedSinceCommit = true
    }

    /// A message of a replay waits for its turn; one that comes again or too early is answered with
    /// where we stand.
    private func receiveReplay(_ item: FeedItem, _ reference: MarketReference) {
        if lockStep?.feed != reference.feed {
            lockStep = LockStep(
                service: Work.service, feed: reference.feed,
                handled: session?.marketOffsets[reference.feed] ?? 0)
            lastReport = nil
        }
        switch lockStep?.receive(item) {
        case .queued, nil: break
        case .duplicate:
            metrics.duplicates.increment()
            lastReport = nil
        case .gap: lastReport = nil
        }
    }

    /// What the others of a replay say of themselves, and the end of the feed.
    private func receiveProgress(_ bytes: UnsafeRawBufferPointer, _ receipt: Timestamp) {
        let bell: ProgressBell
        do {
            bell = try ProgressBellCodec.decode(bytes, from: .foreign(at: receipt))
        } catch {
            return refuse(.progress, error, bytes)
        }
        if bell.isEndOfData {
            guard session != nil else { return }
            let end = MarketReference(feed: bell.feed, sequence: bell.sequence)
            return receiveReplay(.end(end), end)
        }
        guard bell.feed == lockStep?.feed, let service = Service(rawValue: bell.service),
            service != Work.service
        else { return }
        lockStep?.reported(service, LockStep.Report(bell))
    }

    /// Bad input is counted by reason and named once a second per kind; it stops nothing.
    func refuse(_ channel: Channel, _ error: EventError, _ bytes: UnsafeRawBufferPointer) {
        metrics.rejected(error.reason.rawValue)
        logger.limited(
            channel.rawValue + error.reason.rawValue, .warning, "message_refused",
            "a message on \(channel.rawValue) is refused: \(error)",
            [
                .init("channel", .text(channel.rawValue)),
                .init("reason", .text(error.reason.rawValue)),
                .init("field", .text(error.field)), .init("bytes", .integer(Int64(bytes.count))),
                .init("begins", .text(String(decoding: bytes.prefix(120), as: UTF8.self))),
            ])
    }

    static func isOwn(_ channel: Channel) -> Bool {
        Work.service.streams.contains { Channel($0) == channel }
    }

    /// Says how far we are, when that changed or somebody asked.
    func ringProgress() {
        guard Work.takesMarketData, let lockStep, let session else { return }
        let standing = session.standing
        // A message counts as handled when what was decided at it can be found in the ledger.
        let holdsBack = holdsBack
        let demand = ProgressBell.Mark(
            stream: Channel.marketData.rawValue, sequence: lockStep.handled)
        let bell = ProgressBell(
            service: Work.service.rawValue, feed: lockStep.feed,
            sequence: holdsBack ? lockStep.handled - 1 : lockStep.handled,
            committed: lockStep.committed,
            heads: Work.service.streams.filter(\.isAwaited).map {
                .init(stream: $0.rawValue, sequence: standing.heads[$0, default: 0])
            },
            offsets: Work.consumed.map {
                .init(stream: $0.rawValue, sequence: standing.offsets[$0, default: 0])
            } + (holdsBack ? [demand] : []))
        guard bell != lastReport else { return }
        lastReport = bell
        publisher.publish(Channel.progress.rawValue, ProgressBellCodec.encode(bell))
    }
}

extension LockStep.Report {
    init(_ bell: ProgressBell) {
        func marks(_ marks: [ProgressBell.Mark]) -> [CoreModels.Stream: Int64] {
            var sequences: [CoreModels.Stream: Int64] = [:]
            for mark in marks {
                if let stream = Stream(rawValue: mark.stream) { sequences[stream] = mark.sequence }
            }
            return sequences
        }
        self.init(
            sequence: bell.sequence, heads: marks(bell.heads), offsets: marks(bell.offsets),
            committed: bell.committed,
            demanded: bell.offsets.first { $0.stream == Channel.marketData.rawValue }?.sequence
                ?? 0)
    }
}

extension Service {
    /// The streams it numbers.
    var streams: [CoreModels.Stream] { Stream.allCases.filter { $0.owner == self } }
}

extension CoreModels.Stream {
    /// Whether another service waits for the events of this stream.
    var isAwaited: Bool {
        switch self {
        case .signals, .orders, .orderResults: true
        case .riskDecisions, .account, .alertsCore, .alertsRisk, .alertsExecution, .alertsWriter:
            false
        }
    }
}
