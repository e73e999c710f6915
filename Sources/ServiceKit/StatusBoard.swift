public import CoreModels
import Synchronization

/// How a service is.
public enum Health: Equatable, Sendable {
    case ok
    /// It does its job, though not as it should.
    case degraded(reason: String)
    /// It cannot do its job.
    case error(reason: String)

    public var name: String {
        switch self {
        case .ok: "ok"
        case .degraded: "degraded"
        case .error: "error"
        }
    }

    public var reason: String? {
        switch self {
        case .ok: nil
        case .degraded(let reason), .error(let reason): reason
        }
    }
}

/// One line of `/readyz`.
public struct ReadinessCheck: Equatable, Sendable {
    /// `redis`, `postgres`, `feed`, `schema`, `lock`, …
    public var name: String
    public var isPassed: Bool
    public var detail: String

    public init(_ name: String, isPassed: Bool, detail: String = "") {
        self.name = name
        self.isPassed = isPassed
        self.detail = detail
    }
}

/// What the loop thread tells of itself from time to time, for the threads that answer HTTP.
public final class StatusBoard: Sendable {
    /// One notice; each replaces the one before as a whole.
    public struct Notice: Equatable, Sendable {
        public var health: Health
        public var checks: [ReadinessCheck]
        /// The members of `/status` beyond the standard ones, in order. No secrets.
        public var status: [Value.Member]

        public init(health: Health, checks: [ReadinessCheck], status: [Value.Member] = []) {
            self.health = health
            self.checks = checks
            self.status = status
        }

        public var isReady: Bool { checks.allSatisfy(\.isPassed) }
    }

    /// A loop that has said nothing for so long is stuck: health becomes `error`.
    public static let silenceLimitMilliseconds: Int64 = 30_000

    public let service: String
    public let version: String
    /// The mode that `/status` shows: `paper`.
    public let mode: String
    private let startedMilliseconds: Int64
    private let latest: Mutex<(notice: Notice, atMilliseconds: Int64)>

    public init(service: String, version: String = BuildVersion.text, mode: String = "paper") {
        self.service = service
        self.version = version
        self.mode = mode
        startedMilliseconds = SystemClock.monotonicMilliseconds
        let starting = Notice(
            health: .error(reason: "starting"),
            checks: [ReadinessCheck("start", isPassed: false, detail: "starting")])
        latest = Mutex((starting, startedMilliseconds))
    }

    public func publish(_ notice: Notice) {
        let now = SystemClock.monotonicMilliseconds
        latest.withLock { $0 = (notice, now) }
    }

    /// The last notice; not well when it is too old to be true.
    public func read() -> Notice {
        let (notice, time) = latest.withLock { $0 }
        return Self.judged(
            notice, ageMilliseconds: SystemClock.monotonicMilliseconds - time)
    }

    static func judged(_ notice: Notice, ageMilliseconds age: Int64) -> Notice {
        guard age > silenceLimitMilliseconds else { return notice }
        let reason = "the loop has not reported for \(age / 1000) s"
        var silent = notice
        silent.health = .error(reason: reason)
        silent.checks.append(ReadinessCheck("loop", isPassed: false, detail: reason))
        return silent
    }

    /// Whole seconds since the start.
    public var uptimeSeconds: Int64 {
        (SystemClock.monotonicMilliseconds - startedMilliseconds) / 1000
    }
}
