import Glibc
import Synchronization

/// Where log lines go: one `write` a line, never waiting long. A line that cannot be written
/// (full disk, stalled or vanished reader) is dropped and counted; logging never fails anybody.
final class LogOutput: Sendable {
    /// How long a stalled reader may hold up the writer of a line.
    private static let patienceMilliseconds: Int64 = 20
    /// Once a reader has stalled, lines are dropped at once for this long.
    private static let stallMilliseconds: Int64 = 1_000

    private let fileDescriptor: Int32
    private let stalledUntil = Atomic<Int64>(0)
    let dropped = Atomic<Int>(0)

    init(fileDescriptor: Int32) { self.fileDescriptor = fileDescriptor }

    func write(_ line: [UInt8]) {
        if send(line) { return }
        dropped.add(1, ordering: .relaxed)
    }

    private func send(_ line: [UInt8]) -> Bool {
        let now = SystemClock.monotonicMilliseconds
        let patience = now < stalledUntil.load(ordering: .relaxed) ? 0 : Self.patienceMilliseconds
        let ready = Poller.wait(for: fileDescriptor, .writable, milliseconds: patience)
        guard ready.contains(.writable), ready.isDisjoint(with: .broken) else {
            if ready.isEmpty, patience > 0 {
                stalledUntil.store(now + Self.stallMilliseconds, ordering: .relaxed)
            }
            return false
        }
        while true {
            let count = line.withUnsafeBytes {
                Glibc.write(fileDescriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            return count == line.count
        }
    }
}
