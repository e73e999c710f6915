public import CoreModels

extension RiskCore {
    /// `/status` of cdb_risk (docs/HTTP_AND_METRICS.md).
    public func status(at now: Timestamp) -> [Value.Member] {
        [
            .init("trading", tradingValue),
            .init("signals_received", .integer(counters.signalsReceived)),
            .init("orders_approved", .integer(counters.ordersApproved)),
            .init("orders_rejected", counters.rejectedValue),
            .init("protective_orders", .integer(counters.protectiveOrders)),
            .init("duplicate_results", .integer(counters.duplicateResults)),
            .init("market_data_refused", .integer(counters.marketDataRefused)),
            .init(
                "books_ignored",
                .integer(board.markets.reduce(0) { $0 + $1.spread.ignoredBooks })),
            .init("equity", .number(equity)),
            .init("day_start_equity", .number(day.startEquity)),
            .init("daily_pnl", .number(dailyPnL)),
            .init("realized_today", .number(portfolio.realizedToday)),
            .init("unrealized", .number(portfolio.unrealized)),
            .init("drawdown_pct", .number(drawdownPct)), .init("exposure", .number(exposure)),
            .init("in_flight", .number(inFlight.total)), .init("cash", .number(portfolio.cash)),
            .init("positions", .list(portfolio.positions.map(Self.value))),
            .init("limits", .object(limits.values)),
        ]
    }

    private var tradingValue: Value {
        let since = trading.halt?.since ?? trading.since
        return .object([
            .init("state", .text(trading.name.rawValue)), .init("reason", .text(trading.reason)),
            .init("reasons", .list(trading.pauseReasons.map { .text($0) })),
            .init("since", since.map { .time($0) } ?? .null),
            .init("flatten", .text(trading.flatten?.rawValue)),
        ])
    }

    private static func value(_ position: Position) -> Value {
        .object([
            .init("symbol", .symbol(position.symbol)),
            .init("quantity", .number(position.quantity)),
            .init("average_entry_price", .number(position.averageEntryPrice)),
            .init("last_price", .number(position.lastPrice)),
            .init("unrealized", .number(position.unrealized)),
        ])
    }
}
