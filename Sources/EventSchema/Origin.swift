public import CoreModels

/// Where a message comes from decides how much of it may be left out.
public enum Origin: Equatable, Sendable {
    /// Our ledger: we wrote it. The envelope and the timestamp are mandatory, milliseconds.
    case ledger
    /// From others: no envelope needed, a timestamp below 10¹¹ is taken as seconds. A timestamp
    /// that is optional and absent becomes `at`.
    case foreign(at: Timestamp)
    /// As `foreign`, and a signal needs only symbol, side and confidence.
    case hand(at: Timestamp)
}
