/// Why bytes of the exchange are no fact. The raw value of `reason` is a metric's label.
public struct ExchangeError: Error, Equatable, Sendable {
    public enum Reason: String, Sendable, CaseIterable {
        /// No JSON, cut off, too deep, too large.
        case malformed
        /// A field that must be there is not.
        case missingField = "missing_field"
        /// A field that is not what it must be: not a number, not positive, no symbol.
        case invalidField = "invalid_field"
        /// The exchange answered `success:false`.
        case refused
        /// Too many requests (code 510).
        case rateLimited = "rate_limited"
    }

    public let reason: Reason
    /// Names the thing: a field, an offset, the exchange's code and message.
    public let detail: String

    public init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

extension ExchangeError: CustomStringConvertible {
    public var description: String { "\(reason.rawValue): \(detail)" }
}
