import Glibc
import PrivateServers

/// `cdb logs SERVICE [-f]`, for a stack started with `cdb up`.
enum LogsCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "logs", "the log of one part of a stack started with cdb up",
        operands: [.init("SERVICE")],
        options: [
            Option("follow", .flag, "goes on as the log grows (also -f)", letter: "f"),
            Option("lines", .value("N"), "only the last N lines (default 200, 0 = all)"),
            StackAddress.option,
        ],
        details:
            "SERVICE is cdb_ws, cdb_rest, cdb_core, cdb_risk, cdb_execution, cdb_writer, mexc_sim, up, redis "
            + "or postgres.")

    /// How long a reader that has come to the end waits before it looks again, in microseconds.
    private static let pause: UInt32 = 200_000

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let directory = try StackAddress.findDirectory(arguments, context)
        let lines = try arguments.integer("lines", in: 0...1_000_000) ?? 200
        let path = try path(arguments.operands[0], directory)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure.failed("\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        if lines > 0 { seek(descriptor, backBy: lines) }
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count > 0 {
                guard context.console.write(Array(piece[..<count])) else { return .silent }
            } else if count == 0 {
                guard arguments.has("follow") else { return .silent }
                usleep(pause)
            } else if errno != EINTR {
                throw CommandFailure.failed("\(path): \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func path(
        _ name: String, _ directory: StackDirectory
    ) throws(CommandFailure) -> String {
        switch name {
        case "redis": return "\(directory.redis)/redis.log"
        case "postgres": return "\(directory.postgres)/postgres.log"
        default:
            let candidates = [name, "cdb_\(name)"].map(directory.log)
            guard !name.contains("/"), let path = candidates.first(where: Files.exists) else {
                throw .failed("there is no log of \(name) in \(directory.logs)")
            }
            return path
        }
    }

    /// Places the reader so that about `lines` lines follow.
    private static func seek(_ descriptor: Int32, backBy lines: Int) {
        var position = lseek(descriptor, 0, SEEK_END)
        var found = -1  // The line feed at the very end ends a line, it does not begin one.
        var piece = [UInt8](repeating: 0, count: 65_536)
        while position > 0 {
            let start = max(0, position - piece.count)
            let count = pread(descriptor, &piece, position - start, start)
            guard count > 0 else { break }
            for index in stride(from: count - 1, through: 0, by: -1)
            where piece[index] == UInt8(ascii: "\n") {
                found += 1
                if found == lines {
                    lseek(descriptor, start + index + 1, SEEK_SET)
                    return
                }
            }
            position = start
        }
        lseek(descriptor, 0, SEEK_SET)
    }
}
