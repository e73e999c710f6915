import CoreModels

/// What a result changes in its order's row; an order has one result.
struct OrderResultColumns {
    private var id = SQLColumn(.text)
    private var status = SQLColumn(.text)
    private var filledQuantity = SQLColumn(.number)
    private var price = SQLColumn(.number)
    private var fee = SQLColumn(.number)
    private var filledAt = SQLColumn(.time)

    mutating func append(_ result: OrderResult) {
        id.append(result.orderID)
        status.append(result.status.rawValue)
        filledQuantity.append(result.filledQuantity)
        price.append(result.price)
        fee.append(result.fee)
        filledAt.append(result.filledQuantity.isPositive ? result.timestamp : nil)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.update(
            .column(id), .column(status), .column(filledQuantity), .column(price), .column(fee),
            .column(filledAt))
    }

    private static let update = SQLStatement(
        "orders_update",
        """
        UPDATE orders SET status = r.status, filled_quantity = r.filled_quantity,
            avg_price = r.price, fees = r.fee, filled_at = r.filled_at
        FROM unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[], $5::numeric[],
            $6::timestamptz[]) AS r(order_id, status, filled_quantity, price, fee, filled_at)
        WHERE orders.order_id = r.order_id
        """)
}
