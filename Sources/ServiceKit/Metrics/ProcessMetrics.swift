import CoreModels
import Glibc
import Synchronization

/// The `process_*` metrics that Prometheus' own clients have, read when asked.
enum ProcessMetrics {
    private static let startTime = Double(SystemClock.now().milliseconds) / 1000

    /// Called once at start, so that the start time is that of the process and not of a scrape.
    static func begin() { _ = startTime }

    private static let freshMilliseconds: Int64 = 1_000
    private static let latest = Mutex<(text: [UInt8], untilMilliseconds: Int64)>(([], 0))

    /// Appends the four metrics; asks the kernel once a second at most.
    static func append(to page: inout [UInt8]) {
        let now = SystemClock.monotonicMilliseconds
        let text = latest.withLock { latest in
            if now >= latest.untilMilliseconds { latest = (read(), now + freshMilliseconds) }
            return latest.text
        }
        page.append(contentsOf: text)
    }

    private static func read() -> [UInt8] {
        var page: [UInt8] = []
        append(
            "process_cpu_seconds_total", "User and system CPU time in seconds.", "counter",
            cpuSeconds(), to: &page)
        append(
            "process_resident_memory_bytes", "Resident memory in bytes.", "gauge",
            residentBytes(), to: &page)
        append("process_open_fds", "Open file descriptors.", "gauge", openFiles(), to: &page)
        append(
            "process_start_time_seconds", "Start of the process, Unix time in seconds.", "gauge",
            startTime, to: &page)
        return page
    }

    private static func append(
        _ name: String, _ help: String, _ type: String, _ value: Double?, to page: inout [UInt8]
    ) {
        guard let value else { return }
        page.append(contentsOf: MetricText.head(name, help, type))
        MetricText.appendSample(MetricText.prefix(name), value, to: &page)
    }

    private static func cpuSeconds() -> Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The second number of `/proc/self/statm`, in pages.
    private static func residentBytes() -> Double? {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let numbers = bytes[..<count].split(separator: UInt8(ascii: " "))
        guard numbers.count > 1, let pages = Double(String(decoding: numbers[1], as: UTF8.self))
        else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func openFiles() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        return Double(entries - 3)  // Not `.`, `..` and the directory itself.
    }
}
