public import CoreModels
import WireFormats

/// The last event of a stream: the owner keeps it in its state, so that a missing top shows.
public struct StreamHead: Equatable, Sendable {
    /// 0 before the first event.
    public var sequence: Int64
    /// 32 bytes; zeros before the first event.
    public var hash: [UInt8]

    public static let none = StreamHead(
        sequence: 0, hash: Array(repeating: 0, count: SHA256Digest.length))

    /// The key of the owner's state it is kept under.
    static func key(_ stream: Stream) -> String { "stream:\(stream.rawValue)" }

    static let keyPrefix = "stream:"

    var value: Value {
        .object([
            Value.Member("seq", .integer(sequence)),
            Value.Member("hash", .text(Hexadecimal.text(hash))),
        ])
    }

    init(sequence: Int64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }

    init?(_ value: Value) {
        guard let sequence = value["seq"].integer, let text = value["hash"].text,
            let hash = Hexadecimal.bytes(text), hash.count == SHA256Digest.length
        else { return nil }
        self.init(sequence: sequence, hash: hash)
    }

    /// The head after one more event:
    /// SHA-256(previous ‖ stream ‖ 0 ‖ sequence, 8 bytes big-endian ‖ payload), docs/DELIVERY.md.
    public func next(_ stream: Stream, _ payload: [UInt8], _ digest: SHA256Digest) -> StreamHead {
        let sequence = sequence + 1
        digest.update(hash)
        digest.update(Array(stream.rawValue.utf8) + [0])
        withUnsafeBytes(of: sequence.bigEndian) { digest.update($0) }
        digest.update(payload)
        return StreamHead(sequence: sequence, hash: digest.finish())
    }
}
