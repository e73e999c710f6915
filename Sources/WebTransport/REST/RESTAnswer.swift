/// An HTTP answer of any status. Redirects are not followed: they are answers too.
public struct RESTAnswer: Equatable, Sendable {
    public let status: Int
    public let body: [UInt8]
    /// `Retry-After` in seconds, where the server sent one as a number.
    public let retryAfterSeconds: Int?
    /// From asking to the last byte, in milliseconds.
    public let milliseconds: Int64
    /// Wall clock when the question left and when the last byte came, in milliseconds since the
    /// epoch.
    public let sentAt: Int64
    public let receivedAt: Int64
    /// Monotonic clock in nanoseconds when the last byte came.
    public let monotonic: Int64
}
