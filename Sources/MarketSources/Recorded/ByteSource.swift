/// Where a market file's bytes come from, already decompressed. The pure side pulls; who opens
/// files stands behind this.
public protocol ByteSource {
    /// Appends the next bytes to `buffer`, a bounded number; false when there are no more.
    mutating func read(into buffer: inout [UInt8]) throws(MarketFileError) -> Bool

    /// How much of the stored (perhaps compressed) file was taken so far, in bytes.
    var bytesTaken: Int64 { get }

    /// The stored file's size in bytes; 0 when unknown.
    var bytesTotal: Int64 { get }
}

/// Bytes that are already in memory, handed out in pieces.
public struct ByteArraySource: ByteSource {
    private let bytes: [UInt8]
    private let piece: Int
    private var taken = 0

    /// `piece`: bytes per read, at least 1.
    public init(_ bytes: [UInt8], piece: Int = 65_536) {
        precondition(piece > 0, "a byte source hands out at least one byte at a time")
        self.bytes = bytes
        self.piece = piece
    }

    public mutating func read(into buffer: inout [UInt8]) -> Bool {
        guard taken < bytes.count else { return false }
        let end = min(taken + piece, bytes.count)
        buffer.append(contentsOf: bytes[taken..<end])
        taken = end
        return true
    }

    public var bytesTaken: Int64 { Int64(taken) }
    public var bytesTotal: Int64 { Int64(bytes.count) }
}
