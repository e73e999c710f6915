import CoreModels
import DecisionCores
import Testing

@Suite("The volatilities that are shown")
struct VolatilityTests {
    @Test("are highest over lowest price of 300 s, in percent, of every symbol seen")
    func shown() {
        var trace = RiskTrace()
        let ether = symbol("ETH_USDT")
        trace.market("100")
        trace.market("2000", ether)
        trace.market("112.5")
        trace.market("110")
        let shown = trace.core.volatilities
        #expect(shown.map(\.symbol) == [RiskTrace.bitcoin, ether])
        #expect(shown.map(\.pct) == [number("12.5"), Ratio.zero])
        trace.now = trace.now.advanced(by: 300_001)
        trace.market("90")
        #expect(trace.core.volatilities.first?.pct == Ratio.zero)
    }
}
