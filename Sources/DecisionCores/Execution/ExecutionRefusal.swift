public import CoreModels

/// Why nothing of an order was filled; the raw value is the result's `error_code`.
public enum ExecutionRefusal: String, Error, Sendable, CaseIterable {
    case noQuote = "NO_QUOTE"
    case endOfData = "END_OF_DATA"
    case invalidOrder = "INVALID_ORDER"
    /// A reduce-only order without a position it could reduce.
    case noPosition = "NO_POSITION"
    /// The window's turnover carries not even the smallest quantity.
    case noLiquidity = "NO_LIQUIDITY"
    /// Price, notional or position would not fit a number.
    case overflow = "OVERFLOW"
    /// `PAPER_REJECT_RATE`.
    case paperReject = "PAPER_REJECT"

    /// What ends by the market's state is cancelled, what should not be is rejected.
    public var status: OrderResult.Status {
        switch self {
        case .endOfData, .noLiquidity: .cancelled
        case .noQuote, .invalidOrder, .noPosition, .overflow, .paperReject: .rejected
        }
    }
}
