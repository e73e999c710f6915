import Glibc
public import MarketSources

/// An open file, read in pieces with read(2). Closed when it is let go.
public final class StoredFile {
    public static let pieceSize = 65_536

    public let path: String
    /// In bytes.
    public let size: Int64
    /// Bytes read so far.
    public private(set) var taken: Int64 = 0
    private let descriptor: Int32

    public init(path: String) throws(MarketFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, "open", errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw Self.failure(path, "fstat", code)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw .unreadable(file: path, reason: "it is a directory: name the files in it")
        }
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    /// Appends the next bytes, at most `pieceSize`; false at the end.
    public func read(into buffer: inout [UInt8]) throws(MarketFileError) -> Bool {
        var result = 0
        var code: Int32 = 0
        withUnsafeTemporaryAllocation(byteCount: Self.pieceSize, alignment: 8) { piece in
            repeat {
                result = Glibc.read(descriptor, piece.baseAddress, piece.count)
                code = errno
            } while result < 0 && code == EINTR
            if result > 0 { buffer.append(contentsOf: piece[..<result]) }
        }
        guard result >= 0 else { throw Self.failure(path, "read", code) }
        taken += Int64(result)
        return result > 0
    }

    private static func failure(_ path: String, _ call: String, _ code: Int32) -> MarketFileError {
        .unreadable(file: path, reason: "\(call): \(String(cString: strerror(code)))")
    }
}
