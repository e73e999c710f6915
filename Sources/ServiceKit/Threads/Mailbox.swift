/// Requests from other threads to the loop that owns the state, each with a reply.
///
/// The loop polls `fileDescriptor`, takes all letters and answers each; an asking thread waits.
public final class Mailbox<Request: Sendable, Reply: Sendable>: Sendable {
    /// How asking ended.
    public enum Outcome: Sendable {
        case reply(Reply)
        /// Too many letters wait already: nothing was posted.
        case full
        /// No reply in time. The letter stays posted and is still handled: what becomes of it is
        /// unknown to the asker.
        case timeout
    }

    /// One request on its way; the loop replies once.
    public struct Letter: Sendable {
        public let request: Request
        fileprivate let answer: Monitor<Reply?>

        public func reply(_ reply: Reply) {
            answer.update { $0 = reply }
        }
    }

    private let waiting = Monitor<[Letter]>([])
    private let wakeUp: WakeUp
    private let capacity: Int

    /// Holds at most `capacity` letters.
    public init(capacity: Int = 64) throws(SystemError) {
        precondition(capacity > 0, "a mailbox holds at least one letter")
        self.capacity = capacity
        wakeUp = try WakeUp()
    }

    /// Readable while letters wait.
    public var fileDescriptor: Int32 { wakeUp.fileDescriptor }

    /// Posts a request and waits for the reply.
    public func ask(_ request: Request, timeoutMilliseconds: Int64) -> Outcome {
        let answer = Monitor<Reply?>(nil)
        guard post(Letter(request: request, answer: answer)) else { return .full }
        let reply = answer.wait(milliseconds: timeoutMilliseconds) { $0 }
        return reply.map(Outcome.reply) ?? .timeout
    }

    /// For the loop: all letters in the order they came.
    public func takeAll() -> [Letter] {
        wakeUp.clear()
        return waiting.update { letters in
            defer { letters = [] }
            return letters
        }
    }

    private func post(_ letter: Letter) -> Bool {
        let posted = waiting.update { letters in
            guard letters.count < capacity else { return false }
            letters.append(letter)
            return true
        }
        if posted { wakeUp.ring() }
        return posted
    }
}
