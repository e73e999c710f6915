import CoreModels

/// One row per event of the stream `account`.
struct BalancesTable {
    private var id = SQLColumn(.text)
    private var equity = SQLColumn(.number)
    private var cash = SQLColumn(.number)
    private var exposure = SQLColumn(.number)
    private var margin = SQLColumn(.number)
    private var realized = SQLColumn(.number)
    private var unrealized = SQLColumn(.number)
    private var dailyPnL = SQLColumn(.number)
    private var drawdownPct = SQLColumn(.number)
    private var timestamp = SQLColumn(.time)

    mutating func append(_ account: Account) {
        id.append(account.envelope.id)
        equity.append(account.equity)
        cash.append(account.cash)
        exposure.append(account.exposure)
        margin.append(account.inFlight)
        realized.append(account.realizedToday)
        unrealized.append(account.unrealized)
        dailyPnL.append(account.dailyPnL)
        drawdownPct.append(account.drawdownPct)
        timestamp.append(account.timestamp)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.insert(
            .column(id), .column(equity), .column(cash), .column(exposure), .column(margin),
            .column(realized), .column(unrealized), .column(dailyPnL), .column(drawdownPct),
            .column(timestamp))
    }

    private static let insert = SQLStatement(
        "balances_insert",
        """
        INSERT INTO balances (event_id, equity, cash, exposure, margin, realized_pnl,
            unrealized_pnl, daily_pnl, drawdown_pct, timestamp)
        SELECT * FROM unnest($1::text[], $2::numeric[], $3::numeric[], $4::numeric[],
            $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[],
            $10::timestamptz[])
        ON CONFLICT DO NOTHING
        """)
}
