/// Something a person should know.
public struct Alert: Equatable, Sendable {
    public enum Level: String, Sendable, CaseIterable {
        case info = "INFO"
        case warning = "WARNING"
        case critical = "CRITICAL"
    }

    public var envelope: Envelope
    public var level: Level
    /// Stable, upper case: `RISK_LIMIT`, `DATA_STALE`, `INJECT_REFUSED`, …
    public var code: String
    public var message: String
    /// An object.
    public var context: Value
    public var source: Service
    public var timestamp: Timestamp

    public init(
        envelope: Envelope, level: Level, code: String, message: String, context: Value,
        source: Service, timestamp: Timestamp
    ) {
        self.envelope = envelope
        self.level = level
        self.code = code
        self.message = message
        self.context = context
        self.source = source
        self.timestamp = timestamp
    }
}

/// An alert before its owner has numbered it.
public struct AlertDraft: Equatable, Sendable {
    public var level: Alert.Level
    public var code: String
    public var message: String
    public var context: [Value.Member]

    public init(
        _ level: Alert.Level, _ code: String, _ message: String, _ context: [Value.Member] = []
    ) {
        self.level = level
        self.code = code
        self.message = message
        self.context = context
    }
}
