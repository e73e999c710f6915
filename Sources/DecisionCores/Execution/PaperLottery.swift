import CoreModels

/// Which orders `PAPER_REJECT_RATE` rejects: a fixed hash of the client id, so that equal input
/// gives equal fills.
enum PaperLottery {
    private static let tickets: UInt64 = 1_000_000

    static func rejects(_ clientID: String, rate: Ratio) -> Bool {
        guard rate.isPositive else { return false }
        let share = Ratio(raw: Int128(hash(clientID) % tickets) * (FixedArithmetic.one / 1_000_000))
        return share < rate
    }

    /// FNV-1a, 64 bit, then Murmur's finalizer: ids that differ in the last digit only are spread.
    static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ (hash >> 33)
    }
}
