import CoreModels

/// One row per order_result with a fill.
struct FillsTable {
    private var id = SQLColumn(.text)
    private var orderID = SQLColumn(.text)
    private var symbol = SQLColumn(.text)
    private var side = SQLColumn(.text)
    private var price = SQLColumn(.number)
    private var quantity = SQLColumn(.number)
    private var fee = SQLColumn(.number)
    private var slippageBps = SQLColumn(.number)
    private var timestamp = SQLColumn(.time)

    mutating func append(_ result: OrderResult) {
        id.append(result.envelope.id)
        orderID.append(result.orderID)
        symbol.append(result.symbol.description)
        side.append(result.side.rawValue)
        price.append(result.price)
        quantity.append(result.filledQuantity)
        fee.append(result.fee)
        slippageBps.append(result.slippageBps)
        timestamp.append(result.timestamp)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.insert(
            .column(id), .column(orderID), .column(symbol), .column(side), .column(price),
            .column(quantity), .column(fee), .column(slippageBps), .column(timestamp))
    }

    private static let insert = SQLStatement(
        "fills_insert",
        """
        INSERT INTO fills (fill_id, order_id, symbol, side, price, quantity, fee, slippage_bps,
            timestamp)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[],
            $6::numeric[], $7::numeric[], $8::numeric[], $9::timestamptz[])
        ON CONFLICT DO NOTHING
        """)
}
