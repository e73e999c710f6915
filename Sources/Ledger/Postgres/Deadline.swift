import Glibc

/// A moment on the monotonic clock after which a wait is given up.
struct Deadline {
    private let nanoseconds: Int64

    init(milliseconds: Int64) { nanoseconds = Self.now + milliseconds * 1_000_000 }

    /// Milliseconds left, rounded up; 0 when it has passed.
    var remaining: Int32 {
        let left = nanoseconds - Self.now
        return left <= 0 ? 0 : Int32(clamping: (left + 999_999) / 1_000_000)
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
