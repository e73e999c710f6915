import Backtesting
import CoreModels
import MarketSources
import ServiceKit
import Synchronization

/// Many settings on one market: every processor reads the files for its share of the settings.
struct BacktestSweep {
    /// How one of the settings ended.
    struct Row: Equatable {
        /// In the grid.
        var place: Int
        var record: BacktestRecord

        /// In percent with 4 decimals.
        var returnPct: Ratio {
            BacktestResult.percent(
                record.equity.last - record.equity.initial, of: record.equity.initial)
        }
        var drawdownPct: Ratio { record.equity.drawdown?.percent ?? .zero }

        /// More return first, then less drawdown, then as the grid has them.
        func isBefore(_ other: Row) -> Bool {
            if returnPct != other.returnPct { return returnPct > other.returnPct }
            if drawdownPct != other.drawdownPct { return drawdownPct < other.drawdownPct }
            return place < other.place
        }
    }

    let market: BacktestMarket
    /// Per combination of the grid.
    let settings: [BacktestSettings]

    /// All settings, ranked.
    ///
    /// - Parameter threads: at least 1.
    func run(
        from: Timestamp?, to: Timestamp?, threads: Int, _ show: @escaping @Sendable (Int) -> Void
    ) throws(CommandFailure) -> [Row] {
        let count = min(threads, settings.count)
        let shares = (0..<count).map { first in
            Array(stride(from: first, to: settings.count, by: count))
        }
        let outcomes = Mutex<[Result<[Row], CommandFailure>]>([])
        do {
            let others = try shares.dropFirst().map { share in
                try ServiceThread("sweep") {
                    let outcome = play(share, from, to) { _ in }
                    outcomes.withLock { $0.append(outcome) }
                }
            }
            let mine = play(shares[0], from, to, show)
            outcomes.withLock { $0.append(mine) }
            for thread in others { thread.join() }
        } catch { throw .failed("\(error)") }
        var rows: [Row] = []
        for outcome in outcomes.withLock({ $0 }) { rows += try outcome.get() }
        return rows.sorted { $0.isBefore($1) }
    }

    /// The settings at these places of the grid, price by price.
    private func play(
        _ places: [Int], _ from: Timestamp?, _ to: Timestamp?, _ show: (Int) -> Void
    ) -> Result<[Row], CommandFailure> {
        var backtests = places.map { Backtest(feed: market.feed, settings: settings[$0]) }
        do throws(CommandFailure) {
            var reader = try market.makeReader(from: from, to: to)
            while try reader.next() {
                let prices = reader.prices.span
                for index in backtests.indices {
                    var place = 0
                    while place < prices.count {
                        place = reader.feed(&backtests[index], from: place)
                    }
                }
                let total = reader.progress.bytesTotal
                show(total > 0 ? Int(reader.progress.bytes * 1000 / total) : 0)
            }
        } catch { return .failure(error) }
        return .success(
            backtests.indices.map { index in
                backtests[index].end()
                return Row(place: places[index], record: backtests[index].record)
            })
    }
}
