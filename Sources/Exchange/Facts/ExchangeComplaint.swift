public import CoreModels

/// What an exchange means by a complaint, as far as a session has to act on it.
public enum ExchangeComplaint: Equatable, Sendable {
    /// It has heard no ping of ours for too long and is about to close.
    case idle
    /// A subscription names a market it does not have.
    case unknownSymbol(Symbol)
    case other
}
