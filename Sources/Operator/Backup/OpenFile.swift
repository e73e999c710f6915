import Glibc

/// What is left to read of an open file or pipe.
enum OpenFile {
    /// Hands it out in pieces, to its end.
    static func readPieces(_ file: Int32, _ body: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { piece in
            while true {
                let count = read(file, piece.baseAddress, piece.count)
                if count > 0 { body(UnsafeRawBufferPointer(rebasing: piece[..<count])) }
                // The rest of a file that cannot be read is missing: checksums tell.
                if count == 0 || (count < 0 && errno != EINTR) { return }
            }
        }
    }
}
