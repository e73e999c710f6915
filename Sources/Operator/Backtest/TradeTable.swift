import Backtesting
import CoreModels
import DecisionCores

/// `trades.csv`: one round trip a line, in the order they ended, those still open last.
final class TradeTable {
    private static let header =
        "id,symbol,side,quantity,entry_price,exit_price,pnl,pnl_pct,fees,opened_at,closed_at,"
        + "holding_s,entry_order,exit_order,exit_reason\n"

    private let file: OutputFile

    init(directory: String) throws(CommandFailure) {
        file = try OutputFile("\(directory)/trades.csv")
        try file.write(Self.header)
    }

    func take(_ trades: [TradeBook.Trade]) throws(CommandFailure) {
        for trade in trades { try file.write(Self.line(trade)) }
    }

    func close() throws(CommandFailure) { try file.close() }

    private static func line(_ trade: TradeBook.Trade) -> String {
        let row = trade.row
        let held = row.closedAt.map { "\($0.since(row.openedAt) / 1000)" } ?? ""
        let words: [String] = [
            row.id, row.symbol.description, row.side.rawValue, row.quantity.description,
            row.entryPrice.description, row.exitPrice?.description ?? "", row.pnl.description,
            row.pnlPct.rounded(toDecimals: 4, .nearest).description, row.fees.description,
            row.openedAt.text, row.closedAt?.text ?? "", held, row.entryOrderID,
            row.exitOrderID ?? "", trade.exit?.rawValue ?? "",
        ]
        return words.joined(separator: ",") + "\n"
    }
}
