import CoreModels

/// One row per order, as risk sent it.
struct OrdersTable {
    private var id = SQLColumn(.text)
    private var signalID = SQLColumn(.text)
    private var clientID = SQLColumn(.text)
    private var symbol = SQLColumn(.text)
    private var side = SQLColumn(.text)
    private var quantity = SQLColumn(.number)
    private var price = SQLColumn(.number)
    private var reduceOnly = SQLColumn(.flag)
    private var stopLossPct = SQLColumn(.number)
    private var reason = SQLColumn(.text)
    private var submittedAt = SQLColumn(.time)

    mutating func append(_ order: Order) {
        id.append(order.orderID)
        signalID.append(order.signalID)
        clientID.append(order.clientID)
        symbol.append(order.symbol.description)
        side.append(order.side.rawValue)
        quantity.append(order.quantity)
        price.append(order.price)
        reduceOnly.append(order.reduceOnly)
        stopLossPct.append(order.stopLossPct)
        reason.append(order.reason.rawValue)
        submittedAt.append(order.timestamp)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.insert(
            .column(id), .column(signalID), .column(clientID), .column(symbol), .column(side),
            .column(quantity), .column(price), .column(reduceOnly), .column(stopLossPct),
            .column(reason), .column(submittedAt))
    }

    // Every order is a market order in this version (docs/EVENT_SCHEMA.json).
    private static let insert = SQLStatement(
        "orders_insert",
        """
        INSERT INTO orders (order_id, signal_id, client_id, symbol, side, quantity, price,
            reduce_only, stop_loss_pct, reason, submitted_at, order_type)
        SELECT r.*, 'market' FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
            $5::text[], $6::numeric[], $7::numeric[], $8::boolean[], $9::numeric[], $10::text[],
            $11::timestamptz[]) AS r
        ON CONFLICT DO NOTHING
        """)
}
