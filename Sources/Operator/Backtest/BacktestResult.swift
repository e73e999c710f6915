import Backtesting
import CoreModels
import DecisionCores
import MarketSources

/// What a backtest found.
struct BacktestResult {
    /// One file of the market.
    struct File {
        var name: String
        var rows: Int
        var malformed: MalformedRows

        init(_ file: MarketFile) {
            name = file.name
            rows = file.rowsRead
            malformed = file.malformed
        }

        init(_ recording: Recording) {
            name = recording.name
            rows = recording.rowsRead
            malformed = recording.malformed
        }
    }

    var feed: String
    var files: [File]
    var messages: Int64
    /// Prices the screener did not take.
    var refusals: [ScreenerRefusal: Int]
    /// Of the first and last market_data; nil without one.
    var first: Timestamp?
    var last: Timestamp
    var record: BacktestRecord
    var settings: BacktestSettings
    /// SHA-256 over the order list, hexadecimal.
    var orders: String
    /// As in the summary of `cdb up`.
    var fingerprint: String?

    var equity: EquityRecord { record.equity }
    var profit: Money { equity.last - equity.initial }

    /// Of the initial capital, in percent with 4 decimals.
    var returnPct: Ratio { Self.percent(profit, of: equity.initial) }

    /// The same trades at the quotes they met: without fees, slippage and impact.
    var profitWithoutCosts: Money { profit + record.fees + record.slippage }

    var winRatePct: Ratio? { Self.winRatePct(record.trades) }
    var profitFactor: Ratio? { Self.profitFactor(record.trades) }

    /// Share of closed trades with a profit, in percent; nil before the first.
    static func winRatePct(_ trades: TradeBook) -> Ratio? {
        guard trades.closed > 0 else { return nil }
        return percent(Money(Int(trades.won)), of: Money(Int(trades.closed)))
    }

    /// Profits ÷ losses; nil without a loss.
    static func profitFactor(_ trades: TradeBook) -> Ratio? {
        let losses = -trades.losses
        guard losses.isPositive else { return nil }
        return trades.profits.ratio(to: losses, .nearest)?.rounded(toDecimals: 4, .nearest)
    }

    /// Milliseconds a closed trade was held on average; nil before the first.
    var averageHolding: Int64? {
        record.trades.closed > 0 ? record.trades.held / record.trades.closed : nil
    }

    static func percent(_ part: Money, of whole: Money) -> Ratio {
        FixedArithmetic.multiplyThenDivide(
            part.raw, 100 * FixedArithmetic.one, by: whole.raw, .nearest
        ).map { Ratio(raw: $0).rounded(toDecimals: 4, .nearest) } ?? .zero
    }
}
