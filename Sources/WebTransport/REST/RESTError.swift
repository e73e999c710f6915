/// A question without an answer.
public struct RESTError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The raw value is a metric's label.
    public enum Kind: String, Sendable, CaseIterable {
        /// No answer in time.
        case timeout
        /// The host name leads nowhere.
        case nameUnknown = "name_unknown"
        /// Nobody listens at the address.
        case refused
        /// The server's certificate is not good for this host.
        case certificate
        /// An answer above the limit.
        case tooLarge = "too_large"
        /// The connection broke, or what came was no HTTP.
        case lost
        /// The client was stopped, or too many questions wait.
        case notAsked = "not_asked"
    }

    public let kind: Kind
    /// Names address, cause and remedy.
    public let description: String

    /// Whether asking again later can help without anybody changing something.
    public var isRetryable: Bool {
        switch kind {
        case .timeout, .nameUnknown, .refused, .lost: true
        case .certificate, .tooLarge, .notAsked: false
        }
    }
}
