import CoreModels
import DecisionCores
import ServiceKit
import Synchronization
import WireFormats

/// The top movers as the loop saw them last, for `GET /top?n=5` and `/top5`.
final class MoverBoard: Sendable {
    /// The most that can be asked for.
    static let limit = 100

    private let latest = Mutex(TopMovers(gainers: [], losers: []))

    func publish(_ movers: TopMovers) { latest.withLock { $0 = movers } }

    var routes: [HTTPRoute] {
        [
            HTTPRoute("GET", "/top") { [self] request in
                let text = request.parameter("n") ?? "5"
                guard let count = Int(text), (1...Self.limit).contains(count) else {
                    return .problem(
                        .badRequest, "n is a whole number from 1 to \(Self.limit), not \(text)")
                }
                return .json(answer(count))
            },
            HTTPRoute("GET", "/top5") { [self] _ in .json(answer(5)) },
        ]
    }

    private func answer(_ count: Int) -> Value {
        latest.withLock { $0 }.first(count).value
    }
}

extension TopMovers {
    func first(_ count: Int) -> TopMovers {
        TopMovers(gainers: Array(gainers.prefix(count)), losers: Array(losers.prefix(count)))
    }

    var value: Value {
        .object([
            .init("gainers", .list(gainers.map(\.value))),
            .init("losers", .list(losers.map(\.value))),
        ])
    }
}

extension Mover {
    fileprivate var value: Value {
        .object([
            .init("symbol", .symbol(symbol)), .init("price", .number(price)),
            .init("pct_change", .number(pctChange)), .init("volume", .number(volume)),
            .init("timestamp", .time(timestamp)),
        ])
    }
}
