import Glibc

/// Waits until a condition holds, looking every few milliseconds.
/// - Parameter pause: milliseconds between two looks; longer where a look costs something.
/// - Returns: whether it held within `seconds`.
public func eventually(
    seconds: Double = 20, pause: Int32 = 2, _ condition: () throws -> Bool
) rethrows -> Bool {
    let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
    while true {
        if try condition() { return true }
        if monotonicNanoseconds() >= end { return false }
        poll(nil, 0, pause)
    }
}

/// The monotonic clock in nanoseconds.
public func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
