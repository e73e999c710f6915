import Glibc

/// A moment on the monotonic clock until which something is awaited.
struct Deadline {
    private let end: UInt64

    init(seconds: Double) {
        end = Self.now + UInt64(max(0, seconds) * 1e9)
    }

    var hasPassed: Bool { Self.now >= end }

    /// Milliseconds that are left, at least 0, for `poll`.
    var milliseconds: Int32 { Int32(clamping: (end - min(end, Self.now)) / 1_000_000) }

    /// Lets others run between two looks at a condition: at most 5 ms.
    func pause() {
        poll(nil, 0, min(5, max(1, milliseconds)))
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
