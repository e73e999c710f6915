import CoreModels
import DecisionCores
import ServiceKit
import Testing

@testable import Services

@Suite("The metrics of cdb_risk")
struct RiskMetricsTests {
    private static let start = Timestamp(milliseconds: 1_700_006_400_000)

    /// The numbers of the series that begin so.
    private static func values(_ series: String, _ metrics: Metrics) -> [String] {
        var page: [UInt8] = []
        metrics.emit(into: &page)
        return String(decoding: page, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix(series) }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    @Test("show a limit as the percentage it was configured with", arguments: 1...20)
    func limits(percent: Int) {
        var limits = RiskLimits.default
        limits.maxDailyDrawdownPct = Ratio(raw: Ratio(percent).raw / 100)
        let metrics = Metrics(service: "cdb_risk")
        _ = RiskMetrics(metrics, limits: limits)
        let shown = Self.values("cdb_limit_pct{limit=\"daily_drawdown\"}", metrics)
        #expect(shown == ["\(percent)"])
    }

    @Test("count the silence of a market that never spoke from the start on")
    func silence() {
        let metrics = Metrics(service: "cdb_risk")
        let risk = RiskMetrics(metrics, limits: .default)
        var core = RiskCore(limits: .default)
        var events: [Event] = []
        core.handle(.clock, at: Self.start, into: &events)
        risk.update(core, at: Self.start)
        #expect(Self.values("cdb_data_staleness_seconds", metrics) == ["0"])
        risk.update(core, at: Self.start.advanced(by: 31_000))
        #expect(Self.values("cdb_data_staleness_seconds", metrics) == ["31"])
    }

    @Test("follow the volatility of a symbol from the moment it passes its limit")
    func volatility() throws {
        let bitcoin = try #require(Symbol("BTC_USDT"))
        let metrics = Metrics(service: "cdb_risk")
        let risk = RiskMetrics(metrics, limits: .default)
        var core = RiskCore(limits: .default)
        var events: [Event] = []
        func see(_ price: Int, _ seconds: Int64) {
            let now = Self.start.advanced(by: seconds * 1000)
            let data = MarketData(
                symbol: bitcoin, timestamp: now, price: Price(price), volume: Money(1),
                pctChange: .zero)
            core.marketDataSeen(data, at: now, into: &events)
            risk.update(core, at: now)
        }
        see(100, 0)
        see(110, 1)
        #expect(Self.values("cdb_volatility_5m_pct{", metrics) == [])
        see(115, 2)
        #expect(Self.values("cdb_volatility_5m_pct{", metrics) == ["15"])
        see(115, 303)
        #expect(Self.values("cdb_volatility_5m_pct{", metrics) == ["0"])
    }
}
