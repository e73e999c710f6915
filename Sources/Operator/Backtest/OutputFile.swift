import Glibc

/// A file that is written in large pieces. Erased when it is let go before `close`.
final class OutputFile {
    private static let pieceSize = 65_536

    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
    }

    deinit {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        unlink(path)
    }

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        buffer += bytes
        if buffer.count >= Self.pieceSize { try flush() }
    }

    func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

    /// The file is whole.
    func close() throws(CommandFailure) {
        guard descriptor >= 0 else { return }
        try flush()
        let code = Glibc.close(descriptor)
        descriptor = -1
        guard code == 0 else { throw failure() }
    }

    private func flush() throws(CommandFailure) {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count >= 0 || errno == EINTR else { throw failure() }
            start += max(0, count)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure() -> CommandFailure {
        .failed("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
