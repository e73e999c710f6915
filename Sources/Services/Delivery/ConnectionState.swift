import ServiceKit

/// When to try again, and when to give up: only a start gives up. Milliseconds of the monotonic
/// clock.
struct ConnectionState {
    private let startupTimeout: Int64
    private let started: Int64
    private var backoff = Backoff()
    private(set) var nextAttempt: Int64
    /// Postgres has been there once; from then on it is waited for as long as it takes.
    private(set) var wasOpen = false
    private var redisWasThere = false
    private var lockedSince: Int64?
    /// What the last attempt failed of, for `/readyz`.
    private(set) var failure: String?

    init(startupTimeout: Int64, now: Int64) {
        self.startupTimeout = startupTimeout
        started = now
        nextAttempt = now
    }

    mutating func opened() {
        wasOpen = true
        lockedSince = nil
        failure = nil
        backoff.reset()
    }

    mutating func lost(_ reason: String, _ now: Int64) {
        failure = reason
        nextAttempt = now
    }

    /// - Throws: `ServiceError.postgresMissing` when a start has waited long enough.
    mutating func failed(_ reason: String, _ now: Int64) throws(ServiceError) {
        failure = reason
        lockedSince = nil
        nextAttempt = now + backoff.next()
        if !wasOpen, now - started >= startupTimeout {
            throw .postgresMissing(seconds: startupTimeout / 1000, reason: reason)
        }
    }

    /// Another copy has the lock: waited for as long as a start waits, at a start or later.
    mutating func locked(by holder: String, _ now: Int64) throws(ServiceError) {
        failure = holder
        let since = lockedSince ?? now
        lockedSince = since
        nextAttempt = now + 500
        if now - since >= startupTimeout {
            throw .locked(seconds: startupTimeout / 1000, holder: holder)
        }
    }

    mutating func redis(isConnected: Bool, _ reason: String, _ now: Int64) throws(ServiceError) {
        if isConnected { redisWasThere = true }
        if !redisWasThere, now - started >= startupTimeout {
            throw .redisMissing(seconds: startupTimeout / 1000, reason: reason)
        }
    }
}
