import CoreModels
import EventSchema
import RedisBus
import ServiceKit

/// Signals, decisions, fills and equity as they happen, one line each; what is too fast to be read
/// is counted and not even decoded.
final class LiveView {
    private static let linesPerSecond = 20
    private static let batch = 4_096
    private static let channels: [Channel] = [
        .signals, .riskDecisions, .orderResults, .account, .alerts,
    ]

    private let subscriber: RedisSubscriber
    private let isColoured: Bool
    private var budget = LineBudget(perSecond: linesPerSecond)

    init(_ redis: RedisSettings, isColoured: Bool) {
        subscriber = RedisSubscriber(settings: redis, channels: Self.channels.map(\.rawValue))
        self.isColoured = isColoured
    }

    var pollEntry: PollEntry { subscriber.pollEntry }

    /// The lines of what has arrived.
    func take(at now: Int64) -> [String] {
        subscriber.service(now)
        var lines: [String] = []
        subscriber.receive(limit: Self.batch) { channel, bytes in
            guard budget.takes(at: now), let line = line(channel, bytes) else { return }
            lines.append(isColoured ? line.coloured : line.text)
        }
        let hidden = budget.takeHidden(at: now)
        if hidden > 0 { lines.append("         … \(hidden) more") }
        return lines
    }

    private func line(_ channel: String, _ bytes: UnsafeRawBufferPointer) -> EventLine? {
        do throws(EventError) {
            return EventLine(try event(channel, Array(bytes)))
        } catch {
            return nil  // Foreign: the stream's owner raises the alert.
        }
    }

    private func event(_ channel: String, _ bytes: [UInt8]) throws(EventError) -> Event {
        guard let stream = Stream(rawValue: channel) else {
            return .alert(try AlertCodec.decode(bytes, from: .ledger))
        }
        return try EventCodec.decode(stream: stream, bytes: bytes)
    }
}
