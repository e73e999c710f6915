import CoreModels
import EventSchema
import MarketSources
import RedisBus
import ServiceKit

// What a feed hears on the bus, and what it publishes there.
extension FeedLoop {
    /// Messages of the bus one turn takes at the most.
    private static let busBatch = 4_096
    /// Market data of one write.
    static let writeBatch = 256

    func receive(_ now: Int64) {
        let receipt = SystemClock.now()
        subscriber.receive(limit: Self.busBatch) { [self] channel, bytes in
            do throws(EventError) {
                try heard(channel, bytes, receipt, now)
            } catch {
                metrics.fault("bus_message")
                logger.limited(
                    "bus" + channel, .warning, "message_refused",
                    "a message on \(channel) is refused: \(error)")
            }
        }
    }

    private func heard(
        _ channel: String, _ bytes: UnsafeRawBufferPointer, _ receipt: Timestamp, _ now: Int64
    ) throws(EventError) {
        switch Channel(rawValue: channel) {
        case .marketData: fresher.heard(try decoder.decode(bytes.bytes), now)
        case .account:
            traded.positions(try AccountCodec.decode(bytes, from: .foreign(at: receipt)))
            tradedChanged = true
        case .orders:
            traded.ordered(try OrderCodec.decode(bytes, from: .foreign(at: receipt)))
            tradedChanged = true
        case .orderResults:
            traded.ended(try OrderResultCodec.decode(bytes, from: .foreign(at: receipt)))
            tradedChanged = true
        case .signals, .riskDecisions, .alerts, .health, .mlSignals, .progress, nil: break
        }
    }

    /// Publishes what the market has to say.
    ///
    /// - Parameters:
    ///   - kind: of the message that made it speak.
    ///   - receivedAt: of that message, monotonic nanoseconds.
    func publish(_ kind: String, receivedAt: Int64, _ now: Int64) {
        guard !data.isEmpty else { return }
        let receipts = metrics.receipts(kind)
        let marketNow = market.now(SystemClock.now())
        var start = data.startIndex
        while start < data.endIndex {
            let end = min(start + Self.writeBatch, data.endIndex)
            let started = SystemClock.monotonicNanoseconds
            for index in start..<end { publish(&data[index], now) }
            publisher.flush()
            let ended = SystemClock.monotonicNanoseconds
            metrics.handed(nanoseconds: ended - started)
            var published = 0
            for item in data[start..<end] where item.reference != nil {
                metrics.latency(exchangeMilliseconds: marketNow.since(item.timestamp))
                published += 1
            }
            receipts.observe(Double(max(0, ended - receivedAt)) / 1e9, count: published)
            start = end
        }
        data.removeAll(keepingCapacity: true)
    }

    /// Numbers a market_data and puts it into the batch, unless the other feed has it.
    private func publish(_ item: inout MarketData, _ now: Int64) {
        if socket == nil, fresher.holds(item, marketNow: market.latest, now) {
            return metrics.rejected("fresher_source")
        }
        sequence += 1
        item.reference = MarketReference(feed: feed, sequence: sequence)
        bytes.removeAll(keepingCapacity: true)
        MarketDataCodec.encode(item, to: &bytes)
        publisher.publish(Channel.marketData.rawValue, bytes)
        metrics.published(item.symbol)
    }

    /// Why there is no Redis; nil while there is.
    var redisFailure: String? {
        if !subscriber.isSubscribed {
            return subscriber.lastError.map { "\($0)" } ?? "not connected yet"
        }
        guard !publisher.isConnected else { return nil }
        return publisher.lastError.map { "\($0)" } ?? "not connected yet"
    }
}

extension FeedService {
    /// Both follow what money is in; cdb_rest listens to what cdb_ws has published, too.
    var channels: [Channel] {
        let traded: [Channel] = [.account, .orders, .orderResults]
        return switch self {
        case .webSocket: traded
        case .rest: traded + [.marketData]
        }
    }
}
