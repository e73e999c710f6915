import ServiceKit

/// When to try again, and when to give up: only a start gives up. Milliseconds of the monotonic
/// clock.
struct ConnectionState {
    private let startupTimeout: Int64
    private let started: Int64
    private var backoff = Backoff()
    /// Grows while sessions end before their first commit, as on a full disk.
    private var fruitless = Backoff()
    private var hasCommitted = true
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
        hasCommitted = false
        lockedSince = nil
        failure = nil
        backoff.reset()
    }

    /// A session has proved its worth: one that fails at every commit is not opened in a hot loop.
    mutating func committed() {
        guard !hasCommitted else { return }
        hasCommitted = true
        fruitless.reset()
    }

    /// A session that had committed is replaced at once; another one after a growing pause.
    mutating func lost(_ reason: String, _ now: Int64) {
        failure = reason
        nextAttempt = hasCommitted ? now : now + fruitless.next()
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
