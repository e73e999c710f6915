public import CoreModels

/// What every service says of itself, every 5 s and on every change.
public struct HealthEvent: Equatable, Sendable {
    public enum Status: String, Sendable, CaseIterable {
        case ok
        case degraded
        case error
    }

    /// `cdb_core`, `cdb_ws`, …: feeds speak here too, so this is no `Service`.
    public var service: String
    public var status: Status
    public var version: String
    /// Whole seconds since the start.
    public var uptimeSeconds: Int64
    /// An object; of a feed `exchange` (`reachable`, `unreachable`) and `code`.
    public var detail: Value
    public var timestamp: Timestamp

    public init(
        service: String, status: Status, version: String, uptimeSeconds: Int64, detail: Value,
        timestamp: Timestamp
    ) {
        self.service = service
        self.status = status
        self.version = version
        self.uptimeSeconds = uptimeSeconds
        self.detail = detail
        self.timestamp = timestamp
    }

    /// Whether a feed reaches its exchange; nil when the message says nothing of it.
    public var exchangeIsReachable: Bool? {
        switch detail["exchange"].text {
        case "reachable": true
        case "unreachable": false
        default: nil
        }
    }
}
