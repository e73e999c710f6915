import CoreModels
import Glibc
import Testing
import WireFormats

@testable import ServiceKit

@Suite("The log")
struct LogTests {
    private func line(_ message: String, _ fields: [Value.Member] = []) -> LogLine {
        LogLine(
            time: Timestamp(milliseconds: 1_767_225_600_123), level: .warning, service: "cdb_risk",
            event: "redis_lost", message: message, fields: fields)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a JSON line is one object with time, level, service, event, message and fields")
    func json() {
        #expect(
            text(line("gone \"now\"\n", [.init("port", .integer(6379))]).bytes(.json))
                == "{\"ts\":\"2026-01-01T00:00:00.123Z\",\"level\":\"WARN\",\"service\":\"cdb_risk\","
                + "\"event\":\"redis_lost\",\"message\":\"gone \\\"now\\\"\\n\","
                + "\"fields\":{\"port\":6379}}\n")
    }

    @Test("a text line cannot be split or coloured by its message")
    func plain() {
        #expect(
            text(line("a\nb\u{1B}[31m", [.init("n", .text("x"))]).bytes(.text))
                == "2026-01-01T00:00:00.123Z WARN  cdb_risk redis_lost: a b [31m n=\"x\"\n")
    }

    @Test(
        "a line that is too long is cut and stays JSON",
        arguments: ["x", "é", "\u{1}", "👩‍👩‍👧‍👦", "\""])
    func long(piece: String) throws {
        let fields: [Value.Member] = [.init("f", .text(String(repeating: "y", count: 5_000)))]
        for count in [10, 1_000, 10_000] {
            let bytes = line(String(repeating: piece, count: count), fields).bytes(.json)
            #expect(bytes.last == UInt8(ascii: "\n"))
            #expect(bytes.count <= LogLine.limit)
            let value = try JSONDocument.parse(Array(bytes.dropLast()))
            #expect(value["fields"]["truncated"].flag == true)
        }
    }

    @Test(
        "levels are read as people write them",
        arguments: [
            ("DEBUG", LogLevel.debug), ("info", .info), ("WARN", .warning), ("Warning", .warning),
            ("ERROR", .error), ("loud", nil), ("", nil),
        ] as [(String, LogLevel?)])
    func levels(text: String, level: LogLevel?) {
        #expect(LogLevel(text) == level)
    }

    /// A pipe whose other end a test reads.
    private func withPipe(_ body: (_ read: Int32, _ write: Int32) throws -> Void) rethrows {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        FileDescriptor.makeNonBlocking(ends[0])
        try body(ends[0], ends[1])
    }

    private func readLines(_ descriptor: Int32) -> [String] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(descriptor, &bytes, bytes.count)
        return text(Array(bytes[..<max(0, count)])).split(separator: "\n").map(String.init)
    }

    @Test("lines below the level are not written, and not even made")
    func filter() {
        withPipe { read, write in
            let logger = Logger(service: "s", level: .warning, fileDescriptor: write)
            func never() -> String {
                Issue.record("a message was made for nothing")
                return ""
            }
            logger.debug("a", never())
            logger.info("b", never())
            logger.warning("c", "m")
            logger.error("d", "m")
            #expect(readLines(read).map { $0.contains("\"event\":\"c\"") } == [true, false])
        }
    }

    @Test("one line a second per kind, with the number left out")
    func limiter() {
        let limiter = LogLimiter()
        #expect(limiter.admit("a", atMilliseconds: 5) == 0)
        #expect(limiter.admit("a", atMilliseconds: 6) == nil)
        #expect(limiter.admit("b", atMilliseconds: 6) == 0)
        #expect(limiter.admit("a", atMilliseconds: 1_004) == nil)
        #expect(limiter.admit("a", atMilliseconds: 1_005) == 2)
        #expect(limiter.admit("a", atMilliseconds: 2_005) == 0)
    }

    @Test("a reader that is stalled or gone costs lines, not the service")
    func stalled() {
        signal(SIGPIPE, SIG_IGN)
        withPipe { read, write in
            let logger = Logger(service: "s", fileDescriptor: write)
            let long = String(repeating: "x", count: 1_500)
            for _ in 0..<200 { logger.info("e", long) }
            #expect(logger.dropped > 100)
            let lines = readLines(read)
            #expect(lines.count + logger.dropped == 200)
            #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
        }
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let logger = Logger(service: "s", fileDescriptor: ends[1])
        logger.info("e", "m")
        #expect(logger.dropped == 1)
        close(ends[1])
    }

    @Test("a full disk costs lines, not the service")
    func fullDisk() {
        let full = open("/dev/full", O_WRONLY)
        guard full >= 0 else { return }
        defer { close(full) }
        let logger = Logger(service: "s", fileDescriptor: full)
        logger.error("e", "m")
        #expect(logger.dropped == 1)
    }
}
