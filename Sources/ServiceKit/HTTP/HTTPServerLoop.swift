import CoreModels
import Glibc
import Synchronization
import WireFormats

/// The server's thread: one `poll` over the listener and all connections.
final class HTTPServerLoop {
    /// Connections beyond the limit that have had their last answer and may take their time to
    /// read it; beyond these the one that takes longest is cut off.
    private static let leavingLimit = 64
    private static let sweepMilliseconds: Int64 = 250
    private static let acceptsPerTurn = 64
    private static let scratchBytes = 65_536
    private static let fixedEntries = 2
    private static let niceness: Int32 = 10

    private let mailbox: HTTPServerMailbox
    private let listener: Int32
    private let router: HTTPRouter
    private let workers: WorkerPool
    private let limits: HTTPServerLimits
    private let logger: Logger

    private var connections: [HTTPConnection] = []
    private var heldBytes = 0
    private var isRestrained = false
    private var entries: [PollEntry]
    private var nextID = 0
    private var acceptBackoff = Backoff()
    private var acceptPausedUntil: Int64 = 0
    private var nextSweep: Int64 = 0
    private var stopDeadline: Int64?
    private var dateSecond: Int64 = -1
    private var date = ""

    init(
        mailbox: HTTPServerMailbox, listener: Int32, routes: [HTTPRoute], workers: WorkerPool,
        limits: HTTPServerLimits, logger: Logger
    ) {
        self.mailbox = mailbox
        self.listener = listener
        router = HTTPRouter(routes)
        self.workers = workers
        self.limits = limits
        self.logger = logger
        entries = [PollEntry(mailbox.fileDescriptor, .readable), PollEntry(listener, .readable)]
    }

    /// Serves until the mailbox says stop and the answers in hand are sent.
    func run() {
        let scratch = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.scratchBytes, alignment: 16)
        defer { scratch.deallocate() }
        var share = ProcessorShare(
            clock: SystemClock.monotonicNanoseconds, processor: SystemClock.threadNanoseconds)
        while !isFinished {
            prepareEntries()
            Poller.wait(
                on: &entries,
                milliseconds: connections.isEmpty && !isPaused && stopDeadline == nil
                    ? -1 : Self.sweepMilliseconds)
            let context = makeContext()
            serveConnections(scratch, context)
            if entries[0].isReadable { takeMail(context) }
            if entries[1].isReadable { accept(context) }
            sweep(context)
            removeDead()
            rest(&share)
        }
        for connection in connections { close(connection.fileDescriptor) }
    }

    /// Only a stop and commands' answers end a rest early.
    private func rest(_ share: inout ProcessorShare) {
        let pause = share.rest(
            clock: SystemClock.monotonicNanoseconds, processor: SystemClock.threadNanoseconds)
        guard pause > 0, stopDeadline == nil else { return }
        if !isRestrained { restrain() }
        _ = Poller.wait(for: mailbox.fileDescriptor, .readable, milliseconds: pause)
    }

    /// Against an attack a share alone does not do: what the thread computes comes in pieces that
    /// the trading thread would have to wait for. There is no way back without privileges.
    private func restrain() {
        isRestrained = true
        _ = nice(Self.niceness)  // Of this thread: Linux counts niceness by thread.
        logger.warning(
            "http_restrained",
            "more requests than a service has to answer: HTTP now gives way to everything else")
    }

    private var isPaused: Bool { acceptPausedUntil > 0 }

    private var isFinished: Bool {
        guard let stopDeadline else { return false }
        return connections.isEmpty || SystemClock.monotonicMilliseconds >= stopDeadline
    }

    private func prepareEntries() {
        if isPaused, SystemClock.monotonicMilliseconds >= acceptPausedUntil {
            acceptPausedUntil = 0
        }
        let accepts = stopDeadline == nil && !isPaused
        entries[1] = PollEntry(accepts ? listener : -1, .readable)
        for (index, connection) in connections.enumerated() {
            entries[Self.fixedEntries + index].interest = connection.interest
        }
    }

    private func makeContext() -> HTTPServerContext {
        let wall = SystemClock.now()
        if wall.milliseconds / 1000 != dateSecond {
            dateSecond = wall.milliseconds / 1000
            date = HTTPDate.text(of: wall)
        }
        return HTTPServerContext(
            now: SystemClock.monotonicMilliseconds, date: date, isStopping: stopDeadline != nil,
            serve: { [self] request, id in serve(request, connection: id) })
    }

    private func serveConnections(
        _ scratch: UnsafeMutableRawBufferPointer, _ context: HTTPServerContext
    ) {
        // Those accepted in this turn stand behind and are polled in the next.
        for index in connections.indices {
            let entry = entries[Self.fixedEntries + index]
            if entry.ready.isEmpty { continue }
            let connection = connections[index]
            let before = connection.heldBytes
            if entry.ready.contains(.readable) {
                connection.readable(into: scratch, context)
            } else if !entry.ready.isDisjoint(with: .broken) {
                connection.vanish()
            }
            if entry.ready.contains(.writable), connection.phase != .dead {
                connection.writable(context)
            }
            heldBytes += connection.heldBytes - before
            while heldBytes > limits.heldBytes { dropGreediest() }
        }
    }

    private func dropGreediest() {
        let held = connections.map { $0.phase == .dead ? 0 : $0.heldBytes }
        guard let most = held.max(), most > 0, let index = held.firstIndex(of: most) else {
            heldBytes = 0
            return
        }
        heldBytes -= most
        connections[index].reset()
    }

    private func serve(_ request: HTTPRequest, connection: Int) -> HTTPConnection.Verdict {
        switch router.match(request) {
        case .answer(let response): return .answer(response)
        case .route(let route):
            switch route.place {
            case .inline: return .answer(route.handler(request))
            case .deferred:
                let isTaken = workers.submit { [mailbox] in
                    mailbox.deliver(route.handler(request), to: connection)
                }
                if isTaken { return .deferred }
                return .answer(
                    .problem(
                        .serviceUnavailable, "too many commands wait already",
                        fields: [.init("Retry-After", "1")]))
            }
        }
    }

    private func takeMail(_ context: HTTPServerContext) {
        let (answers, stops) = mailbox.take()
        for answer in answers {
            connections.first { $0.id == answer.connection }?.deliver(answer.response, context)
        }
        if stops, stopDeadline == nil { stopDeadline = context.now + limits.stopMilliseconds }
    }

    private func accept(_ context: HTTPServerContext) {
        for _ in 0..<Self.acceptsPerTurn {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor < 0 {
                acceptFailed(errno, context)
                return
            }
            acceptBackoff.reset()
            welcome(descriptor, context)
        }
    }

    private func acceptFailed(_ code: Int32, _ context: HTTPServerContext) {
        // Nobody waits any more, or the one that did has gone.
        if [EAGAIN, EINTR, ECONNABORTED, EPROTO].contains(code) { return }
        let pause = acceptBackoff.next()
        acceptPausedUntil = context.now + pause
        logger.limited(
            "http_accept", .warning, "http_accept_failed",
            "cannot accept a connection: \(SystemError.text(code)); next attempt in \(pause) ms")
    }

    private func welcome(_ descriptor: Int32, _ context: HTTPServerContext) {
        FileDescriptor.makeNonBlocking(descriptor)
        FileDescriptor.closeOnExec(descriptor)
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        let hasRoom = makeRoom(context)
        let connection = HTTPConnection(
            id: nextID, fileDescriptor: descriptor, limits: limits, now: context.now)
        nextID += 1
        connections.append(connection)
        entries.append(PollEntry(descriptor, .readable))
        if !hasRoom { connection.refuse(Self.tooMany, context) }
    }

    private static let tooMany = HTTPResponse.problem(
        .serviceUnavailable, "too many connections", fields: [.init("Retry-After", "1")])

    /// False when one more connection cannot be served. However many clients only hold theirs,
    /// the next one that wants something gets in.
    private func makeRoom(_ context: HTTPServerContext) -> Bool {
        guard connections.count >= limits.connections else { return true }
        var active = 0
        var leaving: HTTPConnection?
        var waitedFor: HTTPConnection?
        for connection in connections where connection.phase != .dead {
            if connection.isLeaving {
                if connection.since < leaving?.since ?? .max { leaving = connection }
            } else {
                active += 1
                if connection.isWaitedFor, connection.since < waitedFor?.since ?? .max {
                    waitedFor = connection
                }
            }
        }
        if connections.count >= limits.connections + Self.leavingLimit { leaving?.reset() }
        guard active >= limits.connections else { return true }
        guard let waitedFor, context.now - waitedFor.since >= limits.patienceMilliseconds else {
            return false
        }
        waitedFor.refuse(Self.tooMany, context)
        return true
    }

    private func sweep(_ context: HTTPServerContext) {
        if stopDeadline != nil { for connection in connections { connection.stop() } }
        guard context.now >= nextSweep else { return }
        nextSweep = context.now + Self.sweepMilliseconds
        for connection in connections { connection.checkDeadline(context) }
        heldBytes = connections.reduce(0) { $0 + $1.heldBytes }
    }

    private func removeDead() {
        var index = 0
        while index < connections.count {
            if connections[index].phase == .dead {
                heldBytes -= connections[index].heldBytes
                close(connections[index].fileDescriptor)
                connections.swapAt(index, connections.count - 1)
                connections.removeLast()
                entries.swapAt(Self.fixedEntries + index, entries.count - 1)
                entries.removeLast()
            } else {
                index += 1
            }
        }
    }
}

/// What other threads tell the server's thread.
final class HTTPServerMailbox: Sendable {
    struct Answer: Sendable {
        let connection: Int
        let response: HTTPResponse
    }

    private let state = Mutex<(answers: [Answer], stops: Bool)>(([], false))
    private let wakeUp: WakeUp

    init() throws(SystemError) { wakeUp = try WakeUp() }

    var fileDescriptor: Int32 { wakeUp.fileDescriptor }

    func deliver(_ response: HTTPResponse, to connection: Int) {
        state.withLock { $0.answers.append(Answer(connection: connection, response: response)) }
        wakeUp.ring()
    }

    func stop() {
        state.withLock { $0.stops = true }
        wakeUp.ring()
    }

    func take() -> (answers: [Answer], stops: Bool) {
        wakeUp.clear()
        return state.withLock { state in
            defer { state.answers = [] }
            return state
        }
    }
}
