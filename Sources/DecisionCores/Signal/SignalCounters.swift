/// What cdb_core counted of its market_data since it first started.
public struct SignalCounters: Equatable, Sendable {
    public internal(set) var received: Int64 = 0
    /// Turnover below `SIGNAL_MIN_VOLUME`: nothing was looked at.
    public internal(set) var lowVolume: Int64 = 0
    /// Would have been a signal, but for the cooldown.
    public internal(set) var coolingDown: Int64 = 0
    /// More than 60 s ahead of the clock: refused.
    public internal(set) var timeAhead: Int64 = 0

    init() {}
}
