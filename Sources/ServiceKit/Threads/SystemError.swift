import Glibc

/// A call to the operating system that failed.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was tried, in words: `bind to 127.0.0.1:8002`.
    public let action: String
    public let code: Int32

    public init(_ action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    /// With the code of the call that failed just now.
    public init(_ action: String) { self.init(action, code: errno) }

    public var description: String { "cannot \(action): \(Self.text(code))" }

    /// The system's words for an error code.
    static func text(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
