import Glibc

/// The terminal, or what stands in its place.
struct Console {
    let output: Int32
    let error: Int32

    static let standard = Console(output: STDOUT_FILENO, error: STDERR_FILENO)

    var isTerminal: Bool { isatty(output) == 1 }
    var errorIsTerminal: Bool { isatty(error) == 1 }

    /// One line to standard output.
    func say(_ line: String) { Self.write(Array((line + "\n").utf8), to: output) }

    /// One line to standard error.
    func complain(_ line: String, lineFeed: Bool = true) {
        Self.write(Array((lineFeed ? line + "\n" : line).utf8), to: error)
    }

    /// Bytes to standard output; false when nobody reads it any more.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool { Self.write(bytes, to: output) }

    @discardableResult
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    if poll(&request, 1, 1000) < 1 { return false }
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
