import CZlib

/// Unpacks gzip messages: the exchange may send its frames in binary form.
enum Gunzip {
    /// Nil when the bytes are no whole gzip, or hold more than `limit`.
    static func unpack(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard bytes.starts(with: [0x1F, 0x8B]) else { return nil }
        var stream = z_stream()
        // 15 bits of window, + 16: gzip.
        guard
            inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: limit)
                isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END
                count = isWhole ? limit - Int(stream.avail_out) : 0
            }
        }
        return isWhole ? output : nil
    }
}
