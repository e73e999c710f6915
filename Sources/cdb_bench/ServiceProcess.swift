import CoreModels
import Glibc
import PrivateServers

/// A service of the stack as the kernel sees it, so that looking needs no answer of its own.
struct ServiceProcess {
    private let directory: String

    /// The child of `cdb up` (process `parent`) with the service's name.
    init(_ service: Service, childOf parent: String) throws {
        for task in Files.entries(of: "/proc/\(parent)/task") {
            for child in try Self.text("/proc/\(parent)/task/\(task)/children").split(
                separator: " ")
            where try Self.text("/proc/\(child)/comm") == service.rawValue {
                directory = "/proc/\(child)"
                return
            }
        }
        throw BenchStack.Failure(description: "\(service.rawValue) does not run")
    }

    var openFiles: Double { Double(Files.entries(of: directory + "/fd").count) }

    func residentBytes() throws -> Double {
        let pages = try Self.text(directory + "/statm").split(separator: " ")
        return Double(pages[1]).map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) } ?? 0
    }

    /// User and system time.
    func cpuSeconds() throws -> Double {
        // The times stand in the 14th and 15th place; the second one is a name in parentheses.
        let stat = try Self.text(directory + "/stat").split(separator: ")").last ?? ""
        let ticks = stat.split(separator: " ")[11...12].compactMap { Double($0) }
        return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) throws -> String {
        var text = String(decoding: try Files.read(path), as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
