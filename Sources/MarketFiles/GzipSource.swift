import CZlib
import MarketSources

/// A gzip file, one or more members, decompressed in pieces.
final class GzipSource: ByteSource {
    private let file: StoredFile
    private var input: [UInt8]
    private var position = 0
    private var stream = z_stream()
    private var memberIsOpen = true

    init(_ file: StoredFile, start: [UInt8]) throws(MarketFileError) {
        self.file = file
        input = start
        // 15 bits of window, + 16: gzip.
        let code = inflateInit2_(
            &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            throw .unreadable(file: file.path, reason: "zlib does not start (\(code))")
        }
    }

    deinit { inflateEnd(&stream) }

    var bytesTaken: Int64 { file.taken }
    var bytesTotal: Int64 { file.size }

    func read(into buffer: inout [UInt8]) throws(MarketFileError) -> Bool {
        while true {
            if position == input.count {
                input.removeAll(keepingCapacity: true)
                position = 0
                guard try file.read(into: &input) else {
                    if memberIsOpen { throw broken("it ends in the middle") }
                    return false
                }
            }
            if !memberIsOpen {
                // Zeros may pad the end of an archive; anything else is one more member.
                guard input[position...].contains(where: { $0 != 0 }) else {
                    position = input.count
                    continue
                }
                inflateReset(&stream)
                memberIsOpen = true
            }
            if try inflatePiece(into: &buffer) > 0 { return true }
        }
    }

    /// Decompresses what is there, up to a piece; the number of bytes it gave.
    private func inflatePiece(into buffer: inout [UInt8]) throws(MarketFileError) -> Int {
        var code = Z_OK
        var produced = 0
        withUnsafeTemporaryAllocation(byteCount: StoredFile.pieceSize, alignment: 8) { output in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress.map { $0 + position }
                stream.avail_in = UInt32(source.count - position)
                stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(output.count)
                code = inflate(&stream, Z_NO_FLUSH)
                position = source.count - Int(stream.avail_in)
                produced = output.count - Int(stream.avail_out)
            }
            buffer.append(contentsOf: output[..<produced])
        }
        switch code {
        case Z_STREAM_END: memberIsOpen = false
        case Z_OK, Z_BUF_ERROR: break
        default: throw broken("its compressed data are damaged (\(code))")
        }
        return produced
    }

    private func broken(_ reason: String) -> MarketFileError {
        .unreadable(file: file.path, reason: "gzip: \(reason)")
    }
}
