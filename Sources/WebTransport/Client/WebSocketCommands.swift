import Synchronization

/// What is asked of the thread.
final class WebSocketCommands: Sendable {
    enum Command: Sendable {
        case connect
        case send([UInt8])
        case close(code: Int, reason: String)
        case stop
    }

    private struct Waiting {
        var commands: [Command] = []
        var unsent = 0
        var hasOverrun = false
        /// Nil once the thread has ended it.
        var context: SocketContext?
    }

    private let waiting: Mutex<Waiting>
    private let limit: Int

    init(context: SocketContext, limit: Int) {
        waiting = Mutex(Waiting(context: context))
        self.limit = limit
    }

    func post(_ command: Command) {
        waiting.withLock { waiting in
            guard let context = waiting.context else { return }
            if case .send = command {
                guard waiting.unsent < limit else {
                    waiting.hasOverrun = true
                    return context.wake()
                }
                waiting.unsent += 1
            }
            waiting.commands.append(command)
            context.wake()
        }
    }

    /// All commands in order, and whether a message was refused since the last time.
    func takeAll() -> (commands: [Command], hasOverrun: Bool) {
        waiting.withLock { waiting in
            defer {
                waiting.commands = []
                waiting.hasOverrun = false
            }
            return (waiting.commands, waiting.hasOverrun)
        }
    }

    /// A message has left, or was dropped.
    func sent(_ count: Int) { waiting.withLock { $0.unsent -= count } }

    /// Nobody listens any more.
    func end() {
        waiting.withLock { waiting in
            waiting.commands = []
            waiting.context = nil
        }
    }
}
