/// What a session knows of the connection that is open; times in monotonic milliseconds.
struct FeedConnection: Sendable {
    /// Pings without pong that are remembered.
    private static let pingLimit = 8

    let openedAt: Int64
    var messageAt: Int64
    var dataAt: Int64?
    private(set) var pingAt: Int64?
    private(set) var pongAt: Int64?
    /// Sent and not answered, oldest first.
    private var pings: [Int64] = []
    private var isSlowPongNoted = false
    private(set) var roundTrip: Int64?
    private(set) var anchorAt: Int64?
    var isAnchoring = false
    var window: SendWindow

    init(now: Int64, limits: FeedLimits) {
        openedAt = now
        messageAt = now
        window = SendWindow(limit: limits.requestsPerSecond)
    }

    /// Since when data is missing.
    var silentSince: Int64 { dataAt ?? openedAt }
    /// For how long data came.
    var dataSpan: Int64 { (dataAt ?? openedAt) - openedAt }

    /// Data is missing for too long while the exchange answers pings.
    func isStale(now: Int64, _ limits: FeedLimits) -> Bool {
        guard let pongAt else { return false }
        return now - silentSince >= limits.dataSilence && pongAt > silentSince
    }

    func pingDue(_ limits: FeedLimits) -> Int64 { pingAt.map { $0 + limits.pingEvery } ?? openedAt }

    mutating func pinged(now: Int64) {
        pingAt = now
        if pings.count == Self.pingLimit { pings.removeFirst() }
        pings.append(now)
    }

    /// Pongs answer pings in their order; one too many answers none.
    mutating func ponged(now: Int64) {
        pongAt = now
        isSlowPongNoted = false
        if !pings.isEmpty { roundTrip = now - pings.removeFirst() }
    }

    func slowPongDue(_ limits: FeedLimits) -> Int64? {
        isSlowPongNoted ? nil : pings.first.map { $0 + limits.slowPong }
    }

    /// How long the oldest pong is outstanding, once, when that is too long.
    mutating func takeSlowPong(now: Int64, _ limits: FeedLimits) -> Int64? {
        guard let due = slowPongDue(limits), now >= due else { return nil }
        isSlowPongNoted = true
        return now - due + limits.slowPong
    }

    /// At once after connecting; while an answer is outstanding, later.
    func anchorDue(_ limits: FeedLimits) -> Int64 {
        guard let anchorAt else { return openedAt }
        return anchorAt + (isAnchoring ? limits.anchorPatience : limits.anchorEvery)
    }

    mutating func anchored(askedAt now: Int64) {
        anchorAt = now
        isAnchoring = true
    }
}
