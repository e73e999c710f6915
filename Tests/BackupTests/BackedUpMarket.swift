/// `RecordedWaves` in two parts: the first ends while the second wave is held.
enum BackedUpMarket {
    static let first = 0..<270
    static let second = 270..<900
    /// A window that the waves fill, and a volatility that they do not exceed.
    static let settings = [
        "PATH": "/usr/bin:/bin", "LOOKBACK_MINUTES": "1", "SIGNAL_THRESHOLD_PCT": "2",
        "SIGNAL_COOLDOWN_SEC": "10", "MAX_VOLATILITY_5M_PCT": "0.5", "CDB_CLOCK": "market",
    ]
}
