import Glibc

/// State behind a lock that threads can wait on: what `Mutex` lacks is the waiting.
public final class Monitor<State: Sendable>: @unchecked Sendable {
    // Unchecked: `state` is touched only while `lock` is held.
    private var state: State
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    public init(_ state: State) {
        self.state = state
        lock = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        changed.initialize(to: pthread_cond_t())
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Changes the state and wakes all that wait.
    @discardableResult
    public func update<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let result = body(&state)
        pthread_cond_broadcast(changed)
        return result
    }

    /// Changes the state where nobody waits for such a change: wakes nobody.
    public func updateSilently<Result>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body(&state)
    }

    /// Waits until `body` gives something; nil when that took longer than `milliseconds`
    /// (nil: as long as it takes).
    public func wait<Result>(
        milliseconds: Int64?, until body: (inout State) -> Result?
    ) -> Result? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let end = milliseconds.map { SystemClock.monotonicNanoseconds + $0 * 1_000_000 }
        while true {
            if let result = body(&state) { return result }
            guard let end else {
                pthread_cond_wait(changed, lock)
                continue
            }
            if SystemClock.monotonicNanoseconds >= end { return nil }
            var deadline = timespec(
                tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
            pthread_cond_timedwait(changed, lock, &deadline)
        }
    }
}
