public import CoreModels
import Glibc

/// The two clocks of the machine. Only the shell reads them; cores are given the time.
public enum SystemClock {
    /// Wall clock, UTC.
    public static func now() -> Timestamp {
        let time = read(CLOCK_REALTIME)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Nanoseconds since some moment in the past; never jumps, for deadlines and durations.
    public static var monotonicNanoseconds: Int64 {
        let time = read(CLOCK_MONOTONIC)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// As `monotonicNanoseconds`, in milliseconds.
    public static var monotonicMilliseconds: Int64 { monotonicNanoseconds / 1_000_000 }

    /// Nanoseconds that the calling thread has computed.
    public static var threadNanoseconds: Int64 {
        let time = read(CLOCK_THREAD_CPUTIME_ID)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        let status = clock_gettime(clock, &time)
        precondition(status == 0, "the system has no such clock")
        return time
    }
}
