public import CoreModels
import Synchronization

/// Writes log lines; a value that every part of a service may hold and any thread may use.
///
/// Services log to standard output, as containers want it; what ends a program before it serves
/// goes to standard error.
public struct Logger: Sendable {
    public static let standardOutput: Int32 = 1
    public static let standardError: Int32 = 2

    public let service: String
    public let level: LogLevel
    public let format: LogLine.Format
    private let output: LogOutput
    private let limiter = LogLimiter()

    public init(
        service: String, level: LogLevel = .info, format: LogLine.Format = .json,
        fileDescriptor: Int32 = Logger.standardOutput
    ) {
        self.service = service
        self.level = level
        self.format = format
        output = LogOutput(fileDescriptor: fileDescriptor)
    }

    /// Lines that could not be written so far.
    public var dropped: Int { output.dropped.load(ordering: .relaxed) }

    public func log(
        _ level: LogLevel, _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Value.Member] = []
    ) {
        guard level >= self.level else { return }
        let line = LogLine(
            time: SystemClock.now(), level: level, service: service, event: event,
            message: message(), fields: fields())
        output.write(line.bytes(format))
    }

    /// As `log`, at most one line a second per `kind`; the next one tells in `suppressed` how many
    /// were left out.
    public func limited(
        _ kind: String, _ level: LogLevel, _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Value.Member] = []
    ) {
        guard level >= self.level,
            let suppressed = limiter.admit(
                kind, atMilliseconds: SystemClock.monotonicMilliseconds)
        else { return }
        let count: [Value.Member] =
            suppressed == 0 ? [] : [.init("suppressed", .integer(Int64(suppressed)))]
        log(level, event, message(), fields() + count)
    }

    public func debug(
        _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Value.Member] = []
    ) { log(.debug, event, message(), fields()) }

    public func info(
        _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Value.Member] = []
    ) { log(.info, event, message(), fields()) }

    public func warning(
        _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Value.Member] = []
    ) { log(.warning, event, message(), fields()) }

    public func error(
        _ event: String, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Value.Member] = []
    ) { log(.error, event, message(), fields()) }
}
