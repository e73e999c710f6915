import CCrypto
import CZstd
import Glibc
public import MarketSources

/// A Zstandard file that is being written, with checksums: its own over the content, SHA-256 over
/// the bytes that are stored. It belongs to one thread.
public final class CompressedFile {
    private static let level: Int32 = 3

    public let path: String
    /// Bytes stored so far.
    public private(set) var size: Int64 = 0
    private var descriptor: Int32
    private let context: OpaquePointer
    private let digest: OpaquePointer
    private var output: [UInt8]

    /// Makes a new file; one that is there already is an error.
    public init(path: String) throws(MarketFileError) {
        guard let context = ZSTD_createCCtx(), let digest = EVP_MD_CTX_new() else {
            throw .unwritable(file: path, reason: "no memory to compress with")
        }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        precondition(
            EVP_DigestInit_ex(digest, EVP_sha256(), nil) == 1, "OpenSSL has no SHA-256")
        self.path = path
        self.context = context
        self.digest = digest
        output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure() }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        ZSTD_freeCCtx(context)
        EVP_MD_CTX_free(digest)
    }

    public func write(_ bytes: [UInt8]) throws(MarketFileError) {
        try compress(bytes, ZSTD_e_continue)
    }

    /// All that was written can be read from now on, whatever becomes of this process.
    public func flush() throws(MarketFileError) { try compress([], ZSTD_e_flush) }

    /// Ends the file and waits until it is on the disk.
    /// - Returns: the SHA-256 of the stored bytes.
    public func finish() throws(MarketFileError) -> [UInt8] {
        try compress([], ZSTD_e_end)
        guard fsync(descriptor) == 0 else { throw failure() }
        close(descriptor)
        descriptor = -1
        return [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            precondition(
                EVP_DigestFinal_ex(digest, buffer.baseAddress, nil) == 1, "SHA-256 failed")
            count = 32
        }
    }

    private func compress(
        _ bytes: [UInt8], _ operation: ZSTD_EndDirective
    ) throws(MarketFileError) {
        var position = 0
        while true {
            var left = 0
            var produced = 0
            bytes.withUnsafeBytes { input in
                output.withUnsafeMutableBytes { output in
                    var from = ZSTD_inBuffer(
                        src: input.baseAddress, size: input.count, pos: position)
                    var to = ZSTD_outBuffer(
                        dst: output.baseAddress, size: output.count, pos: 0)
                    left = ZSTD_compressStream2(context, &to, &from, operation)
                    position = from.pos
                    produced = to.pos
                }
            }
            guard ZSTD_isError(left) == 0 else {
                throw .unwritable(
                    file: path, reason: "zstd: " + String(cString: ZSTD_getErrorName(left)))
            }
            try store(produced)
            let isDone =
                operation == ZSTD_e_continue ? position == bytes.count : left == 0
            if isDone { return }
        }
    }

    /// Writes the first bytes of `output`.
    private func store(_ count: Int) throws(MarketFileError) {
        var written = 0
        while written < count {
            let result = output.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), count - written)
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw failure() }
            written += result
        }
        precondition(EVP_DigestUpdate(digest, output, count) == 1, "SHA-256 failed")
        size += Int64(count)
    }

    private func failure() -> MarketFileError {
        .unwritable(file: path, reason: String(cString: strerror(errno)))
    }
}
