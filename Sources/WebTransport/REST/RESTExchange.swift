import ServiceKit

/// Questions on their way to the thread and replies on their way back. Both are bounded: what waits
/// on either side counts.
final class RESTExchange: Sendable {
    private struct State {
        var lastID = 0
        var questions: [(id: Int, path: String)] = []
        var replies: [RESTClient.Reply] = []
        var isStopped = false
    }

    private let state = Monitor(State())
    private let wakeUp: WakeUp
    private let handle: CurlHandle
    private let limit: Int

    init(handle: CurlHandle, limit: Int) throws(SystemError) {
        wakeUp = try WakeUp()
        self.handle = handle
        self.limit = limit
    }

    var fileDescriptor: Int32 { wakeUp.fileDescriptor }

    func ask(_ path: String) -> Int {
        let (id, isQueued) = state.update { state in
            state.lastID += 1
            guard !state.isStopped, state.questions.count + state.replies.count < limit else {
                return (state.lastID, false)
            }
            state.questions.append((state.lastID, path))
            return (state.lastID, true)
        }
        if !isQueued {
            let reason =
                "\(path) is not asked: \(limit) questions and replies wait, or the client is stopped"
            reply(id, path, .failure(RESTError(kind: .notAsked, description: reason)))
        }
        return id
    }

    func takeReplies() -> [RESTClient.Reply] {
        wakeUp.clear()
        // The thread waits for questions only.
        return state.updateSilently { state in
            defer { state.replies = [] }
            return state.replies
        }
    }

    func stop() {
        handle.stop()
        state.update { state in
            state.isStopped = true
            state.questions = []
        }
    }

    /// The thread: until stopped.
    func run() {
        while let (id, path) = next() { reply(id, path, handle.get(path)) }
    }

    private func next() -> (id: Int, path: String)? {
        let found: (id: Int, path: String)?? = state.wait(milliseconds: nil) { state in
            if state.isStopped { return .some(nil) }
            return state.questions.isEmpty ? nil : .some(state.questions.removeFirst())
        }
        return found ?? nil
    }

    private func reply(_ id: Int, _ path: String, _ result: Result<RESTAnswer, RESTError>) {
        state.update { state in
            // Who asks on without taking replies is told of the newest refusals only.
            if state.replies.count >= 2 * limit { state.replies.removeLast() }
            state.replies.append(.init(id: id, path: path, result: result))
        }
        wakeUp.ring()
    }
}
