import Glibc

/// One file descriptor to wait for.
public struct PollEntry: Sendable {
    /// What to wait for and what has come.
    public struct Readiness: OptionSet, Sendable {
        public let rawValue: Int16

        public init(rawValue: Int16) { self.rawValue = rawValue }

        public static let readable = Readiness(rawValue: Int16(POLLIN))
        public static let writable = Readiness(rawValue: Int16(POLLOUT))
        /// Only ever an answer: hung up, failed or not open.
        public static let broken = Readiness(rawValue: Int16(POLLHUP | POLLERR | POLLNVAL))
    }

    var raw: pollfd

    /// A negative descriptor is skipped.
    public init(_ fileDescriptor: Int32, _ interest: Readiness) {
        raw = pollfd(fd: fileDescriptor, events: interest.rawValue, revents: 0)
    }

    public var fileDescriptor: Int32 { raw.fd }

    public var interest: Readiness {
        get { Readiness(rawValue: raw.events) }
        set { raw.events = newValue.rawValue }
    }

    /// What the last wait found.
    public var ready: Readiness { Readiness(rawValue: raw.revents) }

    /// There is something to read: bytes, the end, or an error to be told by `read`.
    public var isReadable: Bool { !ready.isDisjoint(with: [.readable, .broken]) }
    public var isWritable: Bool { !ready.isDisjoint(with: [.writable, .broken]) }
}

/// `poll(2)`.
public enum Poller {
    /// Waits until an entry is ready or `milliseconds` have passed (negative: for ever; zero: looks
    /// only). Interrupted waits go on for the rest. Returns how many entries are ready; the caller
    /// keeps the array from wait to wait, so that waiting allocates nothing.
    @discardableResult
    public static func wait(on entries: inout [PollEntry], milliseconds: Int64) -> Int {
        let deadline = SystemClock.monotonicMilliseconds + max(0, milliseconds)
        var remaining = milliseconds
        while true {
            let timeout = Int32(clamping: remaining < 0 ? -1 : remaining)
            let count = entries.withUnsafeMutableBufferPointer { buffer in
                buffer.withMemoryRebound(to: pollfd.self) {
                    poll($0.baseAddress, nfds_t($0.count), timeout)
                }
            }
            if count >= 0 { return Int(count) }
            precondition(errno == EINTR || errno == ENOMEM, "poll was used wrongly")
            if milliseconds >= 0 {
                remaining = deadline - SystemClock.monotonicMilliseconds
                if remaining <= 0 { return 0 }
            }
        }
    }

    /// Waits for one descriptor; the readiness is empty when the time has passed.
    public static func wait(
        for fileDescriptor: Int32, _ interest: PollEntry.Readiness, milliseconds: Int64
    ) -> PollEntry.Readiness {
        var entries = [PollEntry(fileDescriptor, interest)]
        wait(on: &entries, milliseconds: milliseconds)
        return entries[0].ready
    }
}
