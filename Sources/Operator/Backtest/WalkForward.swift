import Backtesting
import CoreModels

/// Whether the best settings hold: chosen on TRAIN days, played on the TEST days that follow, again
/// and again along the market. Every part begins with the initial capital and empty windows.
struct WalkForward {
    /// One choice and what became of it.
    struct Fold: Equatable {
        var trainStart: Timestamp
        var testStart: Timestamp
        var testEnd: Timestamp
        /// The best on the days it was chosen by.
        var chosen: BacktestSweep.Row
        /// The same settings on the days after.
        var tested: BacktestSweep.Row
        /// What the median of all settings made of the test days.
        var median: BacktestSweep.Row
    }

    /// Milliseconds.
    let train: Int64
    let test: Int64

    /// `30:10`, `7d:2d`, `12h:4h`.
    init(_ text: String) throws(CommandFailure) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let train = Self.length(parts[0]),
            let test = Self.length(parts[1])
        else {
            throw .wrongUse("--walk-forward \(text): TRAIN:TEST in days is wanted, like 30:10")
        }
        self.train = train
        self.test = test
    }

    private static func length(_ text: Substring) -> Int64? {
        let isHours = text.last == "h"
        let digits = isHours || text.last == "d" ? text.dropLast() : text
        guard let count = Int64(digits), (1...100_000).contains(count) else { return nil }
        return count * (isHours ? 3_600_000 : 86_400_000)
    }

    /// - Parameter span: from the market's first price to its last.
    func run(
        _ sweep: BacktestSweep, over span: ClosedRange<Timestamp>, threads: Int,
        _ show: @escaping @Sendable (Int) -> Void
    ) throws(CommandFailure) -> [Fold] {
        var folds: [Fold] = []
        var start = span.lowerBound
        while start.advanced(by: train) < span.upperBound {
            let middle = start.advanced(by: train)
            let end = middle.advanced(by: test)
            let chosen = try sweep.run(from: start, to: middle, threads: threads, show)
            let tested = try sweep.run(from: middle, to: end, threads: threads, show)
            guard let best = chosen.first,
                let after = tested.first(where: { $0.place == best.place })
            else { break }
            folds.append(
                Fold(
                    trainStart: start, testStart: middle, testEnd: end, chosen: best,
                    tested: after, median: tested[tested.count / 2]))
            start = start.advanced(by: test)
        }
        guard !folds.isEmpty else {
            throw .wrongUse(
                "--walk-forward: the market is shorter than one TRAIN: "
                    + "\(span.lowerBound.text) to \(span.upperBound.text)")
        }
        return folds
    }

    /// All test parts one after the other, in percent.
    static func together(_ returns: [Ratio]) -> Double {
        (returns.reduce(1) { $0 * (1 + $1.double / 100) } - 1) * 100
    }
}
