import CoreModels
import EventSchema

/// Which messages of a replay are sent, sent again, kept and forgotten: the pure half of `Replayer`.
///
/// Every message is kept until all consumers have committed it, because any of them may come back from
/// a crash and ask again. At most `limit` messages are ahead of the slowest consumer.
struct ReplayWindow {
    struct Message {
        let channel: Channel
        let bytes: [UInt8]
        /// When it is due: market time, for pacing.
        let timestamp: Timestamp
    }

    /// Messages ahead of the slowest consumer; far below what Redis holds for a subscriber.
    static let limit: Int64 = 512
    /// Messages kept for a consumer that comes back: a second of the fastest replay, and more.
    static let keptLimit = 400_000
    static let consumers: [Service] = [.core, .risk, .execution]

    private(set) var reports: [Service: ProgressBell] = [:]
    /// Kept messages; the first has the number `forgotten + 1`.
    private var kept: [Message] = []
    private var keptHead = 0
    /// All messages up to this number are committed by everybody.
    private(set) var forgotten: Int64
    /// The last number sent.
    private(set) var sent: Int64

    /// Goes on behind `committed`, the lowest number that every consumer has committed.
    init(committed: Int64) {
        forgotten = committed
        sent = committed
    }

    /// The last number produced.
    var produced: Int64 { forgotten + Int64(kept.count - keptHead) }
    var wantsMore: Bool { produced - sent < Self.limit && kept.count - keptHead < Self.keptLimit }

    mutating func produce(_ message: Message) {
        kept.append(message)
    }

    /// The next message to send, when the slowest consumer is near enough.
    func next() -> Message? {
        guard sent < produced, sent - slowest < Self.limit else { return nil }
        return kept[keptHead + Int(sent - forgotten)]
    }

    mutating func markSent() { sent += 1 }

    mutating func reported(_ bell: ProgressBell) {
        guard let service = Service(rawValue: bell.service) else { return }
        reports[service] = bell
        forget(through: Self.consumers.map { reports[$0]?.committed ?? 0 }.min() ?? 0)
    }

    /// Nobody answered: everything above `committed` goes out again; who knows it skips it.
    mutating func sendAgain(from committed: Int64) {
        sent = max(forgotten, min(sent, committed))
    }

    /// All that was sent is handled, and nothing is under way between the services.
    var isSettled: Bool {
        guard let core = reports[.core], let risk = reports[.risk],
            let execution = reports[.execution]
        else { return sent == forgotten }
        return slowest >= sent
            && risk.offset(of: .signals) >= core.head(of: .signals)
            && execution.offset(of: .orders) >= risk.head(of: .orders)
            && risk.offset(of: .orderResults) >= execution.head(of: .orderResults)
    }

    /// Settled, and durable up to the last message sent.
    var isCommitted: Bool {
        isSettled && Self.consumers.allSatisfy { (reports[$0]?.committed ?? forgotten) >= sent }
    }

    /// The number the slowest consumer has handled.
    var slowest: Int64 {
        Self.consumers.map { max(reports[$0]?.sequence ?? 0, forgotten) }.min() ?? forgotten
    }

    private mutating func forget(through committed: Int64) {
        let count = min(Int(committed - forgotten), kept.count - keptHead)
        guard count > 0 else { return }
        keptHead += count
        forgotten += Int64(count)
        sent = max(sent, forgotten)
        if keptHead >= 4096, keptHead * 2 >= kept.count {
            kept.removeFirst(keptHead)
            keptHead = 0
        }
    }
}
