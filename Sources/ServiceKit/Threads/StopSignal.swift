import Glibc
import Synchronization

/// SIGTERM and SIGINT as something that a loop can poll.
///
/// `install` comes before the first thread: every later thread inherits the blocked mask, so that
/// only the one thread that waits for the signals gets them. Programs that start children give
/// these an empty signal mask again.
public final class StopSignal: Sendable {
    private let requested = Atomic<Bool>(false)
    private let wakeUp: WakeUp

    /// A stop that only `request` triggers, for parts that are stopped by others and for tests.
    public init() throws(SystemError) {
        wakeUp = try WakeUp()
    }

    /// Blocks SIGTERM and SIGINT, ignores SIGPIPE, and waits for the first two on a thread.
    public static func install() throws(SystemError) -> StopSignal {
        signal(SIGPIPE, SIG_IGN)
        let stop = try StopSignal()
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        let code = pthread_sigmask(SIG_BLOCK, &signals, nil)
        guard code == 0 else { throw SystemError("block signals", code: code) }
        let waited = signals
        _ = try ServiceThread("signals") {
            var waited = waited
            var received: Int32 = 0
            while sigwait(&waited, &received) == 0 { stop.request() }
        }
        return stop
    }

    /// Readable for ever once a stop was requested: all loops that poll it see it.
    public var fileDescriptor: Int32 { wakeUp.fileDescriptor }

    public var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Asks to stop, as a signal would.
    public func request() {
        requested.store(true, ordering: .releasing)
        wakeUp.ring()
    }
}
