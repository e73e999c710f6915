import CoreModels
import ServiceKit
import WireFormats

/// `cdb status`: how every part of a stack is.
enum StatusCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "status", "how every service is, trading, and who lags", options: [StackAddress.option],
        details: "Exit code 1 when something is not ready.")

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let stack = try StackAddress.find(arguments, context)
        var report = Report([])
        if let directory = stack.directory { describe(directory, in: &report) }
        var services: [Value.Member] = []
        for program in stack.programs {
            let answer = try ask(program, stack)
            report.lines += answer.lines
            services.append(.init(program.name, .object(answer.members)))
            if !answer.isReady { report.exitCode = 1 }
        }
        report.members.append(.init("services", .object(services)))
        report.members.append(.init("ok", .flag(report.exitCode == 0)))
        return report
    }

    private static func describe(_ directory: StackDirectory, in report: inout Report) {
        let holder = StackLock.holder(directory)
        report.lines.append(
            row("stack", directory.path, holder.map { "cdb up, process \($0)" } ?? "not running"))
        report.members += [
            .init("directory", .text(directory.path)),
            .init("process", holder.map { .integer(Int64($0)) } ?? .null),
        ]
        if holder == nil { report.exitCode = 1 }
    }

    private struct Answer {
        var isReady: Bool
        var lines: [String]
        var members: [Value.Member]
    }

    private static func ask(_ program: StackProgram, _ stack: StackAddress) throws -> Answer {
        let url = try stack.url(of: program, "")
        let name = program.name
        let client = HTTPClient(timeoutMilliseconds: 3_000)
        do throws(HTTPClientError) {
            let answer = try ReadinessAnswer.ask(url + "/readyz")
            let status = Value(answer: try client.send("GET", url + program.statusPath).body)
            var lines = [row(name, url, answer.isReady ? "ready" : "not ready")]
            lines += answer.failures.map { row("", $0.check, "failed: \($0.detail)") }
            lines += details(program, status)
            return Answer(
                isReady: answer.isReady, lines: lines,
                members: [
                    .init("url", .text(url)), .init("ready", .flag(answer.isReady)),
                    .init("status", status),
                ])
        } catch {
            return Answer(
                isReady: false, lines: [row(name, url, error.description)],
                members: [
                    .init("url", .text(url)), .init("ready", .flag(false)),
                    .init("error", .text(error.description)),
                ])
        }
    }

    /// What people want to know first of a service.
    private static func details(_ program: StackProgram, _ status: Value) -> [String] {
        switch program {
        case .service(.risk):
            let trading = status["trading"]
            let reason = trading["reason"].text.map { " (\($0))" } ?? ""
            return [
                row("", "trading", (trading["state"].text ?? "unknown") + reason),
                row("", "equity", text(status["equity"])),
                row("", "positions", "\(status["positions"].list?.count ?? 0)"),
            ]
        case .service(.writer): return [row("", "lag", text(status["lag"]))]
        case .service(.core): return [row("", "signals", text(status["signals_generated"]))]
        case .service(.execution): return [row("", "filled", text(status["orders_filled"]))]
        case .feed:
            let age = status["last_message_age_ms"].integer.map { "\($0) ms ago" }
            return [
                row("", "published", text(status["published"])),
                row("", "last message", age ?? "none yet"),
            ]
        case .simulator: return []
        }
    }

    private static func text(_ value: Value) -> String {
        value.text ?? String(decoding: JSONWriter.bytes(value), as: UTF8.self)
    }

    private static func row(_ name: String, _ place: String, _ text: String) -> String {
        let columns = [(name, 14), (place, 28)].map { word, width in
            word + String(repeating: " ", count: max(1, width - word.count))
        }
        return columns.joined() + text
    }
}
