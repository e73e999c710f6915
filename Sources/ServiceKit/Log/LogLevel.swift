/// How much a line of the log matters.
public enum LogLevel: Int, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case warning
    case error

    /// Reads `LOG_LEVEL`: upper or lower case, `WARN` as well as `WARNING`.
    public init?(_ text: String) {
        switch text.uppercased() {
        case "DEBUG": self = .debug
        case "INFO": self = .info
        case "WARN", "WARNING": self = .warning
        case "ERROR": self = .error
        default: return nil
        }
    }

    public var name: String {
        switch self {
        case .debug: "DEBUG"
        case .info: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
