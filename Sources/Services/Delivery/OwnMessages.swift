/// What this service has published and not yet heard back on its own channels: everything else that
/// arrives there is foreign until the ledger says otherwise.
struct OwnMessages {
    /// Far more than a burst puts between a message and its echo (8 bytes each); when Redis was away,
    /// older messages will not come back.
    static let limit = 1_000_000

    private var expected = Queue<UInt64>()

    mutating func published(_ bytes: [UInt8]) {
        if expected.count == Self.limit { _ = expected.popFirst() }
        expected.append(bytes.withUnsafeBytes(Self.fingerprint))
    }

    /// True when the message is the next, or a later one, of those published. Redis keeps the order of
    /// one publisher, so what was expected before it is lost.
    mutating func isOwn(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let fingerprint = Self.fingerprint(bytes)
        if expected.first == fingerprint {
            _ = expected.popFirst()
            return true
        }
        guard expected.contains(fingerprint) else { return false }
        while let first = expected.popFirst(), first != fingerprint {}
        return true
    }

    /// FNV-1a over words of eight bytes: tells messages apart, proves nothing; what it does not know
    /// is looked up in the ledger.
    private static func fingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var index = 0
        while index + 8 <= bytes.count {
            hash =
                (hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                &* 0x0000_0100_0000_01B3
            hash ^= hash >> 32
            index += 8
        }
        while index < bytes.count {
            hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3
            index += 1
        }
        return hash
    }
}
