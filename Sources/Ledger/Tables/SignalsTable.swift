import CoreModels

/// One row per signal.
struct SignalsTable {
    private var id = SQLColumn(.text)
    private var symbol = SQLColumn(.text)
    private var side = SQLColumn(.text)
    private var confidence = SQLColumn(.number)
    private var reason = SQLColumn(.text)
    private var price = SQLColumn(.number)
    private var pctChange = SQLColumn(.number)
    private var volume = SQLColumn(.number)
    private var strategy = SQLColumn(.text)
    private var source = SQLColumn(.text)
    private var timestamp = SQLColumn(.time)

    mutating func append(_ signal: Signal) {
        id.append(signal.envelope.id)
        symbol.append(signal.symbol.description)
        side.append(signal.side.rawValue)
        confidence.append(signal.confidence)
        reason.append(signal.reason)
        price.append(signal.price)
        pctChange.append(signal.pctChange)
        volume.append(signal.volume)
        strategy.append(signal.strategy)
        source.append(signal.source.rawValue)
        timestamp.append(signal.timestamp)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.insert(
            .column(id), .column(symbol), .column(side), .column(confidence), .column(reason),
            .column(price), .column(pctChange), .column(volume), .column(strategy),
            .column(source), .column(timestamp))
    }

    private static let insert = SQLStatement(
        "signals_insert",
        """
        INSERT INTO signals (signal_id, symbol, side, confidence, reason, price, pct_change,
            volume, strategy, source, timestamp)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::text[],
            $6::numeric[], $7::numeric[], $8::numeric[], $9::text[], $10::text[],
            $11::timestamptz[])
        ON CONFLICT DO NOTHING
        """)
}
