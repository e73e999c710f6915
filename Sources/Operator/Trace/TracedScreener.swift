import CoreModels
import DecisionCores
import EventSchema

/// The screener: market_data lines are observations, their volume the turnover of that price alone.
struct TracedScreener: TraceSubject {
    private var screener: ScreenerCore

    init(_ screener: ScreenerCore) { self.screener = screener }

    var takesSignalsByHand: Bool { false }

    mutating func take(
        _ fact: Fact, at now: Timestamp, into lines: inout [UInt8]
    ) -> String? {
        guard case .marketData(let data) = fact else { return nil }
        switch screener.observe(Observation(data), at: now) {
        case .marketData(let screened):
            MarketDataCodec.encode(screened, to: &lines)
            lines.append(UInt8(ascii: "\n"))
            return nil
        case .firstPrice, .notAmongTop: return nil
        case .refused(let refusal): return "refused: \(refusal.rawValue)"
        }
    }

    func status(at now: Timestamp) -> [Value.Member] {
        let refused = ScreenerRefusal.allCases.compactMap { refusal in
            screener.refusals[refusal].map { count in
                Value.Member(refusal.rawValue, .integer(Int64(count)))
            }
        }
        let count = max(screener.settings.topN, 5)
        let top = screener.top(count)
        return [
            .init("symbols", .integer(Int64(screener.symbolCount))),
            .init("refused", .object(refused)),
            .init("gainers", .list(top.gainers.map(Self.value))),
            .init("losers", .list(top.losers.map(Self.value))),
        ]
    }

    private static func value(_ mover: Mover) -> Value {
        .object([
            .init("symbol", .symbol(mover.symbol)), .init("price", .number(mover.price)),
            .init("pct_change", .number(mover.pctChange)), .init("volume", .number(mover.volume)),
            .init("timestamp", .time(mover.timestamp)),
        ])
    }
}
