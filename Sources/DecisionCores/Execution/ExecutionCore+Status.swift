public import CoreModels

// What people and metrics read.
extension ExecutionCore {
    public func status(at now: Timestamp) -> [Value.Member] {
        [
            .init("orders_received", .integer(statistics.ordersReceived)),
            .init("orders_filled", .integer(statistics.ordersFilled)),
            .init("orders_rejected", .integer(statistics.ordersRejected)),
            .init("orders_cancelled", .integer(statistics.ordersCancelled)),
            .init("orders_waiting", .integer(Int64(waiting.entries.count))),
            .init("duplicates", .integer(statistics.duplicates)),
            .init("last_result", lastResult),
            .init("mode", .text("paper")),
            .init("win_rate", .number(statistics.winRate)),
            .init("positions", .list(openPositions.map(Self.value))),
        ]
    }

    /// All symbols with orders or fills, sorted; closed ones keep their realised result.
    public var symbolPositions: [(symbol: Symbol, position: PaperPosition)] {
        positions.indices.map { (index.symbols[$0], positions[$0]) }
            .filter { $0.1 != PaperPosition() }
            .sorted { $0.symbol < $1.symbol }
    }

    /// Those that are not flat, sorted.
    public var openPositions: [(symbol: Symbol, position: PaperPosition)] {
        symbolPositions.filter { $0.position.quantity != .zero }
    }

    public func position(_ symbol: Symbol) -> PaperPosition? {
        index.find(symbol).map { positions[$0] }
    }

    public func quote(_ symbol: Symbol) -> PaperQuote? { index.find(symbol).flatMap { quotes[$0] } }

    /// Orders that wait for a quote.
    public var waitingCount: Int { waiting.entries.count }

    /// The latest results, newest first; at most 10,000 are remembered.
    public func recentResults(_ count: Int) -> [OrderResult] { results.recent(count) }

    private static func value(_ entry: (symbol: Symbol, position: PaperPosition)) -> Value {
        .object([
            .init("symbol", .symbol(entry.symbol)),
            .init("quantity", .number(entry.position.quantity)),
            .init("realized", .number(entry.position.realized)),
        ])
    }
}
