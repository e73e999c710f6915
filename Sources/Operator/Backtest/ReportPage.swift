import Backtesting
import CoreModels
import DecisionCores
import PrivateServers
import WireFormats

/// `report.html`: one page with everything in it, the chart library too.
final class ReportPage {
    /// Where Debian's libjs-dygraphs puts it.
    private static let library = "/usr/share/javascript/dygraphs/dygraph.min"
    /// Trades and symbols a page shows; `trades.csv` has all.
    private static let tradeLimit = 2_000
    private static let symbolLimit = 24

    private let file: OutputFile
    private let script: [UInt8]
    private let style: [UInt8]
    private var courses = PriceCourses()
    private var trades: [TradeBook.Trade] = []
    private var tradeCount = 0

    static var isPossible: Bool { Files.exists(library + ".js") && Files.exists(library + ".css") }
    static let remedy =
        "report.html is left out: its charts need dygraphs: apt-get install libjs-dygraphs"

    init(directory: String) throws(CommandFailure) {
        do throws(PrivateServerError) {
            script = try Files.read(Self.library + ".js")
            style = try Files.read(Self.library + ".css")
        } catch { throw .failed("\(error)") }
        file = try OutputFile("\(directory)/report.html")
    }

    func take(_ prices: Span<Observation>) { courses.take(prices) }

    func take(_ trades: [TradeBook.Trade]) {
        tradeCount += trades.count
        self.trades += trades.prefix(max(0, Self.tradeLimit - self.trades.count))
    }

    func finish(_ result: Value) throws(CommandFailure) {
        let data = Value.object([
            .init("result", result), .init("trades", .list(trades.map(Self.value))),
            .init("trade_count", .integer(Int64(tradeCount))),
            .init("prices", .list(shownCourses.map(Self.value))),
        ])
        for part in ReportTemplate.parts {
            switch part {
            case .text(let text): try file.write(text)
            case .style: try file.write(style)
            case .script: try file.write(Self.harmless(script))
            case .data: try file.write(Self.harmless(JSONWriter.bytes(data)))
            }
        }
        try file.close()
    }

    /// The symbols with most trades.
    private var shownCourses: [PriceCourses.Course] {
        var counts: [Symbol: Int] = [:]
        for trade in trades { counts[trade.row.symbol, default: 0] += 1 }
        let ranked = courses.courses.sorted { one, other in
            let (mine, others) = (counts[one.symbol] ?? 0, counts[other.symbol] ?? 0)
            return mine == others ? one.symbol < other.symbol : mine > others
        }
        return Array(ranked.prefix(Self.symbolLimit))
    }

    /// Nothing in it ends the script it stands in: `</s…` becomes `<\/s…`, which means the same in a
    /// text.
    private static func harmless(_ bytes: [UInt8]) -> [UInt8] {
        var safe: [UInt8] = []
        safe.reserveCapacity(bytes.count + 64)
        for (place, byte) in bytes.enumerated() {
            safe.append(byte)
            if byte == UInt8(ascii: "<"), place + 2 < bytes.count,
                bytes[place + 1] == UInt8(ascii: "/"), bytes[place + 2] | 32 == UInt8(ascii: "s")
            {
                safe.append(UInt8(ascii: "\\"))
            }
        }
        return safe
    }

    private static func value(_ trade: TradeBook.Trade) -> Value {
        let row = trade.row
        return .object([
            .init("symbol", .symbol(row.symbol)), .init("side", .text(row.side.rawValue)),
            .init("quantity", .number(row.quantity)),
            .init("entry", .number(row.entryPrice)), .init("exit", .number(row.exitPrice)),
            .init("pnl", .number(row.pnl)), .init("pct", .number(row.pnlPct)),
            .init("opened", .time(row.openedAt)),
            .init("closed", row.closedAt.map { .time($0) } ?? .null),
            .init("reason", .text(trade.exit?.rawValue)),
        ])
    }

    private static func value(_ course: PriceCourses.Course) -> Value {
        .object([
            .init("symbol", .symbol(course.symbol)),
            .init(
                "points",
                .list(course.points.map { .list([.time($0.time), .number($0.price)]) })),
        ])
    }
}
