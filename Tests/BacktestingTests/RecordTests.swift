@testable import Backtesting
import CoreModels
import DecisionCores
import Testing

@Suite("What is kept of a backtest")
struct RecordTests {
    static let day: Int64 = 86_400_000

    private func account(
        _ equity: Int, exposure: Int = 0, dayStart: Int = 10_000, at milliseconds: Int64
    ) -> AccountSample {
        AccountSample(
            equity: Money(equity), exposure: Money(exposure), dayStartEquity: Money(dayStart),
            timestamp: Timestamp(milliseconds: milliseconds))
    }

    @Test("is the deepest fall from a peak, with both moments")
    func drawdown() throws {
        var record = EquityRecord(initial: Money(10_000))
        #expect(record.drawdown == nil)
        for (minute, equity) in [10_000, 10_500, 10_400, 11_000, 9_900, 10_900, 9_950].enumerated()
        {
            record.take(account(equity, at: Int64(minute) * 60_000))
        }
        let fall = try #require(record.drawdown)
        #expect(fall.peak == Money(11_000))
        #expect(fall.low == Money(9_900))
        #expect(fall.peakAt.milliseconds == 180_000)
        #expect(fall.lowAt.milliseconds == 240_000)
        #expect(fall.percent == Ratio(10))
        #expect(record.last == Money(9_950))
    }

    @Test("holds the return of each day, the last one as far as the data go")
    func returns() throws {
        var record = EquityRecord(initial: Money(10_000))
        record.take(account(10_050, at: 0))
        record.take(account(10_200, dayStart: 10_200, at: Self.day))
        record.take(account(9_996, dayStart: 9_996, at: 2 * Self.day))
        record.end(Money(10_096), at: Timestamp(milliseconds: 2 * Self.day + 1))
        let expected = [
            10_200.0 / 10_000.0 - 1, 9_996.0 / 10_200.0 - 1, 10_096.0 / 9_996.0 - 1,
        ]
        #expect(record.returns.values.count == expected.count)
        for (value, known) in zip(record.returns.values, expected) {
            #expect((value - known).magnitude < 1e-12)
        }
        // In Python: mean(v) / stdev(v) * 365 ** 0.5; mean(v) / mean(min(x, 0)² of v) ** 0.5 * …
        let sharpe = try #require(record.returns.sharpe)
        let sortino = try #require(record.returns.sortino)
        #expect((sharpe - 3.0603740498089818).magnitude < 1e-9)
        #expect((sortino - 5.517337637646448).magnitude < 1e-9)
    }

    @Test("knows neither Sharpe nor Sortino before the second day")
    func tooShort() {
        var record = EquityRecord(initial: Money(10_000))
        record.take(account(10_050, at: 0))
        record.end(Money(10_050), at: Timestamp(milliseconds: 60_000))
        #expect(record.returns.values == [10_050.0 / 10_000.0 - 1])
        #expect(record.returns.sharpe == nil)
        #expect(record.returns.sortino == nil)
    }

    @Test("weighs exposure by the time it lasted")
    func exposure() {
        var record = EquityRecord(initial: Money(10_000))
        record.take(account(10_000, at: 0))
        record.take(account(10_000, exposure: 5_000, at: 60_000))
        record.take(account(10_000, exposure: 1_000, at: 120_000))
        record.take(account(10_000, at: 180_000))
        record.end(Money(10_000), at: Timestamp(milliseconds: 240_000))
        #expect(record.exposure.largest == 0.5)
        #expect(record.exposure.average == 0.15)
        #expect(record.exposure.timeInMarket == 0.5)
    }

    @Test("draws a curve of bounded length that keeps its ends and its deepest fall")
    func curve() throws {
        var curve = EquityCurve()
        let count = 100_000
        for minute in 0..<count {
            curve.add(
                Money(minute), drawdown: minute == 54_321 ? 0.25 : 0,
                at: Timestamp(milliseconds: Int64(minute) * 60_000))
            #expect(curve.points.count <= EquityCurve.limit)
        }
        #expect(curve.points.count > EquityCurve.limit / 4)
        #expect(curve.points.last?.equity == Money(count - 1))
        #expect(curve.points.map(\.drawdown).max() == 0.25)
        let times = curve.points.map(\.time)
        #expect(times == times.sorted())
        #expect(times.first?.milliseconds == 0)
    }
}
