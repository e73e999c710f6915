import Glibc
import WireFormats

/// One client's connection: requests in, answers out in their order. Owned by the server's thread.
final class HTTPConnection {
    enum Phase: Equatable {
        case open
        /// A worker has the request; further ones wait.
        case answering
        /// The last answer is on its way.
        case closing
        /// Everything was sent: waits for the client to have read it, so that closing cannot
        /// destroy the answer.
        case lingering
        case dead
    }

    /// What to do with a request.
    enum Verdict {
        case answer(HTTPResponse)
        case deferred
    }

    let id: Int
    let fileDescriptor: Int32
    private(set) var phase = Phase.open
    private var parser = HTTPRequestParser()
    private var output: [UInt8] = []
    private var sent = 0
    private var inputEnded = false
    private var served = 0
    /// When what is being waited for began, in monotonic milliseconds.
    private(set) var since: Int64
    /// Complete requests may be here that wait for their turn or for room for their answers.
    private var hasMore = false
    /// The request that a worker has.
    private var pending: (keepsAlive: Bool, headOnly: Bool)?
    private let limits: HTTPServerLimits

    init(id: Int, fileDescriptor: Int32, limits: HTTPServerLimits, now: Int64) {
        self.id = id
        self.fileDescriptor = fileDescriptor
        self.limits = limits
        since = now
    }

    var interest: PollEntry.Readiness {
        var interest: PollEntry.Readiness = []
        if isReading || phase == .lingering { interest.insert(.readable) }
        if pendingOutput > 0 || hasMore { interest.insert(.writable) }
        return interest
    }

    /// What it costs in memory.
    var heldBytes: Int { output.count + parser.bufferedCount }

    /// The client keeps the server waiting, not the other way round.
    var isWaitedFor: Bool { phase == .open && (pendingOutput > 0 || !hasMore) }

    /// It has had its last answer.
    var isLeaving: Bool { phase == .closing || phase == .lingering }

    private var pendingOutput: Int { output.count - sent }

    private var isReading: Bool {
        phase == .open && !inputEnded && !hasMore && pendingOutput < limits.pendingOutputBytes
    }

    // MARK: - What happens to it

    /// Bytes, the end or an error have come.
    func readable(
        into scratch: UnsafeMutableRawBufferPointer, _ context: HTTPServerContext
    ) {
        let count = read(fileDescriptor, scratch.baseAddress, scratch.count)
        if count < 0 {
            if errno != EAGAIN, errno != EINTR { phase = .dead }
            return
        }
        if count == 0 { inputEnded = true }
        if phase == .lingering {
            if count == 0 { phase = .dead }
            return
        }
        if parser.isBetweenRequests, served > 0 { since = context.now }
        parser.feed(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
        advance(context)
    }

    /// The client takes bytes again.
    func writable(_ context: HTTPServerContext) {
        advance(context)
    }

    /// A worker has the answer.
    func deliver(_ response: HTTPResponse, _ context: HTTPServerContext) {
        guard phase == .answering, let request = pending else { return }
        pending = nil
        phase = .open
        respond(response, keepsAlive: request.keepsAlive, headOnly: request.headOnly, context)
        advance(context)
    }

    /// Answers without having read, and closes.
    func refuse(_ response: HTTPResponse, _ context: HTTPServerContext) {
        // Behind answers that the client does not take it would never arrive.
        guard pendingOutput == 0 else { return reset() }
        respond(response, keepsAlive: false, headOnly: false, context)
        advance(context)
    }

    /// Ends what has waited too long.
    func checkDeadline(_ context: HTTPServerContext) {
        let age = context.now - since
        switch phase {
        case .answering, .dead: break
        case .lingering: if age > limits.lingerMilliseconds { phase = .dead }
        case .open, .closing:
            if pendingOutput > 0 {
                if age > limits.writeMilliseconds { reset() }
            } else if parser.isBetweenRequests {
                let limit = served == 0 ? limits.headMilliseconds : limits.idleMilliseconds
                if age > limit { phase = .dead }
            } else if age > (parser.isInBody ? limits.bodyMilliseconds : limits.headMilliseconds) {
                refuse(.problem(.requestTimeout, "the request took too long to arrive"), context)
            }
        }
    }

    /// The server stops: idle connections go, answers in hand are still sent.
    func stop() {
        if phase == .open, pendingOutput == 0, !hasMore { phase = .dead }
    }

    /// Throws away what the client does not take, in the kernel's buffers, too. A client that has
    /// been sent everything keeps it.
    func reset() {
        if phase != .lingering {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                fileDescriptor, SOL_SOCKET, SO_LINGER, &option,
                socklen_t(MemoryLayout<linger>.size))
        }
        output = []
        sent = 0
        parser = HTTPRequestParser()
        phase = .dead
    }

    func vanish() { phase = .dead }

    // MARK: - Requests to answers

    private func advance(_ context: HTTPServerContext) {
        var turns = 0
        while phase == .open, turns < limits.requestsPerTurn,
            pendingOutput < limits.pendingOutputBytes, takeRequest(context)
        { turns += 1 }
        hasMore =
            phase == .open
            && (turns == limits.requestsPerTurn || pendingOutput >= limits.pendingOutputBytes)
        flush(context)
        if phase == .open, inputEnded, pendingOutput == 0, !hasMore { phase = .dead }
    }

    /// False when none is complete.
    private func takeRequest(_ context: HTTPServerContext) -> Bool {
        do {
            guard let request = try parser.next() else {
                if parser.takeContinue() {
                    output.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
                }
                return false
            }
            served += 1
            since = context.now
            take(request, context)
            return true
        } catch {
            respond(
                .problem(error.status, error.detail), keepsAlive: false, headOnly: false, context)
            return false
        }
    }

    private func take(_ request: HTTPRequest, _ context: HTTPServerContext) {
        let headOnly = request.method == "HEAD"
        switch context.serve(request, id) {
        case .answer(let response):
            respond(response, keepsAlive: request.keepsAlive, headOnly: headOnly, context)
        case .deferred:
            pending = (request.keepsAlive, headOnly)
            phase = .answering
        }
    }

    private func respond(
        _ response: HTTPResponse, keepsAlive: Bool, headOnly: Bool, _ context: HTTPServerContext
    ) {
        let stays = keepsAlive && !context.isStopping
        response.append(
            to: &output, keepsAlive: stays, headOnly: headOnly, date: context.date)
        if !stays { phase = .closing }
    }

    private func flush(_ context: HTTPServerContext) {
        while pendingOutput > 0 {
            let count = output.withUnsafeBytes { bytes in
                send(
                    fileDescriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EAGAIN { phase = .dead }
                return
            }
            sent += count
            since = context.now
        }
        if sent > 0 {
            // A thousand connections that each keep room for an answer would be a lot of memory.
            output = []
            sent = 0
        }
        if phase == .closing {
            shutdown(fileDescriptor, Int32(SHUT_WR))
            phase = inputEnded ? .dead : .lingering
            since = context.now
        }
    }
}

/// What a connection needs of its server while it is being served.
struct HTTPServerContext {
    /// Monotonic milliseconds.
    let now: Int64
    /// For the `Date` field.
    let date: String
    let isStopping: Bool
    let serve: (HTTPRequest, _ connection: Int) -> HTTPConnection.Verdict
}
