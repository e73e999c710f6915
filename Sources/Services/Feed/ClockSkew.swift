import CoreModels

/// How far this machine's clock is ahead of the exchange's, in milliseconds.
///
/// Each answer that tells the exchange's time says so, half the round trip taken off. Delays only
/// make the difference look larger, so the smallest of the last few counts.
struct ClockSkew {
    /// A skew above this is told as degraded health.
    static let limit: Int64 = 2_000
    /// An answer that took longer says too little.
    private static let longestRoundTrip: Int64 = 1_000
    private static let remembered = 3

    private var samples: [Int64] = []

    /// Nil before the first measurement.
    var milliseconds: Int64? { samples.min { $0.magnitude < $1.magnitude } }

    /// - Returns: whether this answer alone is beyond the limit.
    mutating func measured(sentAt: Int64, receivedAt: Int64, exchange: Timestamp) -> Bool {
        let roundTrip = receivedAt - sentAt
        guard (0...Self.longestRoundTrip).contains(roundTrip) else { return false }
        let sample = Timestamp(milliseconds: sentAt + roundTrip / 2).since(exchange)
        if samples.count == Self.remembered { samples.removeFirst() }
        samples.append(sample)
        return sample.magnitude > Self.limit
    }

    /// What to do about it; nil while it does no harm.
    var complaint: String? {
        guard let milliseconds, milliseconds.magnitude > Self.limit else { return nil }
        let tenths = (milliseconds.magnitude + 50) / 100
        return "the clock of this machine is \(tenths / 10).\(tenths % 10) s "
            + "\(milliseconds > 0 ? "ahead of" : "behind") the exchange: "
            + "synchronise it, e.g. with chrony"
    }
}
