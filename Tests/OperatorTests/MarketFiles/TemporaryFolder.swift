import CZlib
import CZstd
import Glibc

/// A folder for one test, gone with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/cdb-market-files-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(call: "mkdtemp", code: errno) }
        path = String(cString: made)
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    private var names: [String] = []

    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let file = path(of: name)
        let descriptor = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw Failure(call: "open", code: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw Failure(call: "write", code: errno) }
            written += count
        }
        return file
    }

    func write(_ text: String, as name: String) throws -> String {
        try write(Array(text.utf8), as: name)
    }

    /// One gzip member per part.
    func writeGzip(_ parts: [String], as name: String) throws -> String {
        let file = path(of: name)
        for part in parts {
            guard let archive = gzopen(file, "ab") else {
                throw Failure(call: "gzopen", code: errno)
            }
            let bytes = Array(part.utf8)
            let count = gzwrite(archive, bytes, UInt32(bytes.count))
            gzclose(archive)
            guard count == bytes.count else { throw Failure(call: "gzwrite", code: count) }
        }
        return file
    }

    /// One Zstandard frame per part.
    func writeZstandard(_ parts: [String], as name: String) throws -> String {
        var frames: [UInt8] = []
        for part in parts {
            let bytes = Array(part.utf8)
            var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
            let count = ZSTD_compress(&frame, frame.count, bytes, bytes.count, 3)
            guard ZSTD_isError(count) == 0 else { throw Failure(call: "ZSTD_compress", code: 0) }
            frames += frame[..<count]
        }
        return try write(frames, as: name)
    }

    func read(_ file: String) throws -> [UInt8] {
        let descriptor = open(file, O_RDONLY)
        guard descriptor >= 0 else { throw Failure(call: "open", code: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 24)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw Failure(call: "read", code: errno) }
        return Array(bytes[..<count])
    }

    private func path(of name: String) -> String {
        names.append(name)
        return "\(path)/\(name)"
    }

    struct Failure: Error {
        var call: String
        var code: Int32
    }
}
