import ServiceKit
import Synchronization

/// A thread whose end is waited for, but not for ever: a silent name server may hold it.
final class EndingThread: Sendable {
    private let ended = Monitor(false)
    private let thread: Mutex<ServiceThread?>

    private static let patienceMilliseconds: Int64 = 2_000

    init(_ name: String, _ run: @escaping @Sendable () -> Void) throws(WebTransportError) {
        let ended = ended
        do throws(SystemError) {
            thread = Mutex(
                try ServiceThread(name) {
                    run()
                    ended.update { $0 = true }
                })
        } catch {
            throw .system(error)
        }
    }

    /// Returns once the thread has ended, or after two seconds without it.
    func join() {
        let isOver = ended.wait(milliseconds: Self.patienceMilliseconds) { $0 ? true : nil }
        guard isOver == true else { return }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }
}
