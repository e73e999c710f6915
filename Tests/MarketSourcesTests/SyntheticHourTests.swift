import CoreModels
import DecisionCores
import MarketSources
import Testing

/// The synthetic market's first hour through the whole decision chain with default settings: what a
/// newcomer sees in a minute at sixty times the speed.
@Suite("The synthetic market's first hour")
struct SyntheticHourTests {
    /// What happened, in words, and when first: minutes since the start.
    struct Hour {
        var counts: [String: Int] = [:]
        var firstMinute: [String: Int64] = [:]
        var lastTrading = ""

        mutating func add(_ words: String, at minute: Int64) {
            counts[words, default: 0] += 1
            if firstMinute[words] == nil { firstMinute[words] = minute }
        }

        mutating func add(_ event: Event, at minute: Int64) {
            switch event {
            case .signal(let signal): add("signal \(signal.side.rawValue)", at: minute)
            case .riskDecision(let decision):
                let layer = decision.layer.map { " layer \($0)" } ?? ""
                let code = decision.verdict == .rejected ? " \(decision.code.rawValue)" : ""
                add(decision.verdict.rawValue + layer + code, at: minute)
            case .order(let order):
                add("order \(order.side.rawValue) \(order.reason.rawValue)", at: minute)
            case .orderResult(let result):
                add("result \(result.side.rawValue) \(result.status.rawValue)", at: minute)
            case .account(let account): lastTrading = account.trading
            case .alert(let alert): add("alert \(alert.level.rawValue) \(alert.code)", at: minute)
            }
        }
    }

    static func play(seed: UInt64, minutes: Int64 = 60) -> Hour {
        var market = SyntheticMarket(seed: seed)
        var pipeline = Pipeline(
            signal: SignalCore(settings: .default), risk: RiskCore(limits: .default),
            execution: ExecutionCore(settings: .default))
        var hour = Hour()
        var events: [Event] = []
        let end = market.start.advanced(by: minutes * 60_000)
        while let data = market.next(), data.timestamp < end {
            pipeline.marketDataSeen(data, at: data.timestamp, into: &events)
            let minute = data.timestamp.since(market.start) / 60_000
            for event in events { hour.add(event, at: minute) }
            events.removeAll(keepingCapacity: true)
        }
        return hour
    }

    static let shown = [
        "signal BUY", "signal SELL", "APPROVED", "TRIMMED layer 5",
        "REJECTED layer 0 HALTED", "REJECTED layer 2 CIRCUIT_BREAKER",
        "REJECTED layer 4 RISK_LIMIT",
        "REJECTED layer 5 POSITION_LIMIT", "REJECTED layer 6 NO_POSITION", "order BUY SIGNAL",
        "order SELL SIGNAL", "order SELL STOP_LOSS", "order SELL FLATTEN_DRAWDOWN",
        "result BUY FILLED", "result SELL FILLED", "alert CRITICAL RISK_LIMIT",
        "alert WARNING RISK_LIMIT", "alert WARNING CIRCUIT_BREAKER",
    ]

    @Test(
        "shows every kind of decision, whatever the seed", arguments: 1...5 as ClosedRange<UInt64>)
    func everything(seed: UInt64) {
        let hour = Self.play(seed: seed)
        for words in Self.shown { #expect(hour.counts[words, default: 0] > 0, "\(words)") }
        #expect(hour.lastTrading == "HALTED")
    }

    @Test("begins to trade at once and is halted at its fiftieth minute, not before")
    func order() {
        let hour = Self.play(seed: 1)
        #expect((2...4).contains(hour.firstMinute["APPROVED"] ?? -1))
        #expect((4...15).contains(hour.firstMinute["order SELL STOP_LOSS"] ?? -1))
        for words in [
            "alert CRITICAL RISK_LIMIT", "order SELL FLATTEN_DRAWDOWN", "REJECTED layer 0 HALTED",
        ] {
            #expect(hour.firstMinute[words] == 50, "\(words)")
        }
        #expect(hour.counts["alert CRITICAL RISK_LIMIT"] == 1)
    }
}
