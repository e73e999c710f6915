import ServiceKit
import Synchronization

/// What has happened and was not taken yet: bounded in messages and in bytes.
final class WebSocketEventQueue: Sendable {
    private struct Waiting {
        var events: [WebSocketClient.Event] = []
        var messages = 0
        var bytes = 0
    }

    private let waiting = Mutex(Waiting())
    private let wakeUp: WakeUp
    private let limits: WebSocketLimits

    init(limits: WebSocketLimits) throws(SystemError) {
        wakeUp = try WakeUp()
        self.limits = limits
    }

    /// Readable while events wait.
    var fileDescriptor: Int32 { wakeUp.fileDescriptor }

    /// False when the limits leave no room for this message: then it was not added. The two events
    /// without bytes always fit; each connection has one of each.
    func add(_ event: WebSocketClient.Event) -> Bool {
        let isFirst: Bool? = waiting.withLock { waiting in
            if case .message(let bytes, _, _, _) = event {
                guard waiting.messages < limits.waitingMessages,
                    bytes.count <= limits.waitingBytes - waiting.bytes
                else { return nil }
                waiting.messages += 1
                waiting.bytes += bytes.count
            }
            waiting.events.append(event)
            return waiting.events.count == 1
        }
        // Outside the lock, which the reader would find taken.
        if isFirst == true { wakeUp.ring() }
        return isFirst != nil
    }

    /// At most `limit` events in the order they happened.
    func take(limit: Int) -> [WebSocketClient.Event] {
        waiting.withLock { waiting in
            let end = min(waiting.events.count, max(0, limit))
            let taken = Array(waiting.events[..<end])
            for case .message(let bytes, _, _, _) in taken {
                waiting.messages -= 1
                waiting.bytes -= bytes.count
            }
            if end == waiting.events.count {
                waiting.events.removeAll(keepingCapacity: waiting.events.capacity <= 64)
                wakeUp.clear()
            } else {
                // The array would keep the taken messages alive.
                waiting.events.removeFirst(end)
            }
            return taken
        }
    }
}
