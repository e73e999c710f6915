import Glibc
import Synchronization

/// The embedded HTTP/1.1 server: one thread for all connections and a few workers for handlers
/// that wait. Nothing here ever waits for a service's loop, and the loop never for this.
public final class HTTPServer: Sendable {
    /// The port listened on.
    public let port: UInt16
    private let mailbox: HTTPServerMailbox
    private let thread: ServiceThread
    private let workers: WorkerPool
    private let listener: Int32
    private let isStopped = Atomic<Bool>(false)

    /// Listens and serves at once. Port 0 takes any free one (`port` tells which).
    public init(
        address: String, port: UInt16, routes: [HTTPRoute],
        limits: HTTPServerLimits = HTTPServerLimits(), logger: Logger
    ) throws(HTTPServerError) {
        let listener = try HTTPListener(address: address, port: port)
        do {
            let mailbox = try HTTPServerMailbox()
            let workers = try WorkerPool(workers: limits.workers, capacity: limits.waitingRequests)
            thread = try ServiceThread("http") {
                HTTPServerLoop(
                    mailbox: mailbox, listener: listener.fileDescriptor, routes: routes,
                    workers: workers, limits: limits, logger: logger
                ).run()
            }
            self.mailbox = mailbox
            self.workers = workers
        } catch {
            close(listener.fileDescriptor)
            throw .system(error)
        }
        self.listener = listener.fileDescriptor
        self.port = listener.port
    }

    /// Accepts nobody any more, sends the answers in hand, closes. The second call does nothing.
    public func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        mailbox.stop()
        thread.join()
        workers.stop()
        close(listener)
    }
}
