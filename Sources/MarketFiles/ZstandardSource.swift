import CZstd
import MarketSources

/// A Zstandard file, one or more frames, decompressed in pieces.
final class ZstandardSource: ByteSource {
    private let file: StoredFile
    private var input: [UInt8]
    private var position = 0
    private let context: OpaquePointer
    private var frameIsOpen = true

    init(_ file: StoredFile, start: [UInt8]) throws(MarketFileError) {
        guard let context = ZSTD_createDCtx() else {
            throw .unreadable(file: file.path, reason: "zstd: no memory")
        }
        self.file = file
        self.context = context
        input = start
    }

    deinit { ZSTD_freeDCtx(context) }

    var bytesTaken: Int64 { file.taken }
    var bytesTotal: Int64 { file.size }

    func read(into buffer: inout [UInt8]) throws(MarketFileError) -> Bool {
        while true {
            // What the last call could not put out comes first, even without new input.
            if try decompressPiece(into: &buffer) > 0 { return true }
            guard position == input.count else { continue }
            input.removeAll(keepingCapacity: true)
            position = 0
            guard try file.read(into: &input) else {
                if frameIsOpen { throw broken("it ends in the middle") }
                return false
            }
        }
    }

    /// Decompresses what is there, up to a piece; the number of bytes it gave.
    private func decompressPiece(into buffer: inout [UInt8]) throws(MarketFileError) -> Int {
        var result = 0
        var produced = 0
        withUnsafeTemporaryAllocation(byteCount: StoredFile.pieceSize, alignment: 8) { output in
            input.withUnsafeBytes { source in
                var from = ZSTD_inBuffer(
                    src: source.baseAddress, size: source.count, pos: position)
                var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                result = ZSTD_decompressStream(context, &to, &from)
                // 0: a frame has ended, and all of it has been put out.
                if from.pos > position || to.pos > 0 { frameIsOpen = result != 0 }
                position = from.pos
                produced = to.pos
            }
            buffer.append(contentsOf: output[..<produced])
        }
        guard ZSTD_isError(result) == 0 else {
            throw broken(String(cString: ZSTD_getErrorName(result)))
        }
        return produced
    }

    private func broken(_ reason: String) -> MarketFileError {
        .unreadable(file: file.path, reason: "zstd: \(reason)")
    }
}
