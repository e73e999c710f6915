import CoreModels

// The pieces of execution's state as values and back; nil for what is not understood.

extension PaperPosition {
    var value: Value {
        .object([
            .init("quantity", .number(quantity)), .init("cost", .number(cost)),
            .init("opened_at", openedAt.map(Value.time) ?? .null),
            .init("realized", .number(realized)), .init("buys", .integer(buys)),
            .init("sells", .integer(sells)), .init("received", .integer(ordersReceived)),
        ])
    }

    init?(_ value: Value) {
        guard let quantity = value["quantity"].fixed(QuantityUnit.self),
            let cost = value["cost"].fixed(MoneyUnit.self),
            let realized = value["realized"].fixed(MoneyUnit.self),
            let buys = value["buys"].integer, let sells = value["sells"].integer,
            let received = value["received"].integer
        else { return nil }
        self.init()
        self.quantity = quantity
        self.cost = cost
        self.openedAt = value["opened_at"].time
        self.realized = realized
        self.buys = buys
        self.sells = sells
        self.ordersReceived = received
    }
}

extension PaperQuote {
    var value: Value {
        .object([
            .init("price", .number(price)), .init("bid", .number(bid)),
            .init("ask", .number(ask)), .init("volume", .number(volume)),
            .init("received_at", .time(receivedAt)),
        ])
    }

    init?(_ value: Value) {
        guard let price = value["price"].fixed(PriceUnit.self),
            let volume = value["volume"].fixed(MoneyUnit.self),
            let receivedAt = value["received_at"].time
        else { return nil }
        self.init(
            price: price, bid: value["bid"].fixed(), ask: value["ask"].fixed(), volume: volume,
            receivedAt: receivedAt)
    }
}

extension ResultMemory.Entry {
    var value: Value {
        .object([
            .init("n", .integer(ordinal)), .init("seq", .integer(result.envelope.sequence)),
            .init("cause", .text(result.envelope.cause)),
            .init("trace", .text(result.envelope.trace)), .init("order_id", .text(result.orderID)),
            .init("client_id", .text(result.clientID)),
            .init("status", .text(result.status.rawValue)), .init("symbol", .symbol(result.symbol)),
            .init("side", .text(result.side.rawValue)), .init("quantity", .number(result.quantity)),
            .init("filled_quantity", .number(result.filledQuantity)),
            .init("price", .number(result.price)),
            .init("reference_price", .number(result.referencePrice)),
            .init("slippage_bps", .number(result.slippageBps)), .init("fee", .number(result.fee)),
            .init("error_code", .text(result.errorCode)),
            .init("error_message", .text(result.errorMessage)),
            .init("timestamp", .time(result.timestamp)),
        ])
    }

    init?(_ value: Value) {
        guard let ordinal = value["n"].integer, let sequence = value["seq"].integer, ordinal >= 0,
            let orderID = value["order_id"].text, let clientID = value["client_id"].text,
            let status = value["status"].text.flatMap(OrderResult.Status.init),
            let symbol = value["symbol"].symbol,
            let side = value["side"].text.flatMap(Side.init),
            let quantity = value["quantity"].fixed(QuantityUnit.self),
            let filled = value["filled_quantity"].fixed(QuantityUnit.self),
            let fee = value["fee"].fixed(MoneyUnit.self), let timestamp = value["timestamp"].time
        else { return nil }
        self.ordinal = ordinal
        result = OrderResult(
            envelope: Envelope(
                sequence: sequence, id: Stream.orderResults.id(sequence),
                cause: value["cause"].text, trace: value["trace"].text),
            orderID: orderID, clientID: clientID, status: status, symbol: symbol, side: side,
            quantity: quantity, filledQuantity: filled, price: value["price"].fixed(),
            referencePrice: value["reference_price"].fixed(),
            slippageBps: value["slippage_bps"].fixed(), fee: fee,
            feeCurrency: symbol.quoteCurrency, errorCode: value["error_code"].text,
            errorMessage: value["error_message"].text, timestamp: timestamp)
    }
}

extension WaitingOrders.Entry {
    /// What the fill and its result need of the order.
    var value: Value {
        .object([
            .init("seq", .integer(order.envelope.sequence)), .init("id", .text(order.envelope.id)),
            .init("trace", .text(order.envelope.trace)), .init("order_id", .text(order.orderID)),
            .init("client_id", .text(order.clientID)), .init("symbol", .symbol(order.symbol)),
            .init("side", .text(order.side.rawValue)), .init("quantity", .number(order.quantity)),
            .init("reduce_only", .flag(order.reduceOnly)),
            .init("timestamp", .time(order.timestamp)), .init("due", .time(due)),
            .init("deadline", .time(deadline)), .init("arrival", .integer(arrival)),
        ])
    }

    init?(_ value: Value) {
        guard let sequence = value["seq"].integer, let id = value["id"].text,
            let orderID = value["order_id"].text, let clientID = value["client_id"].text,
            let symbol = value["symbol"].symbol,
            let side = value["side"].text.flatMap(Side.init),
            let quantity = value["quantity"].fixed(QuantityUnit.self),
            let reduceOnly = value["reduce_only"].flag, let timestamp = value["timestamp"].time,
            let due = value["due"].time, let deadline = value["deadline"].time,
            let arrival = value["arrival"].integer
        else { return nil }
        order = Order(
            envelope: Envelope(sequence: sequence, id: id, trace: value["trace"].text),
            orderID: orderID, clientID: clientID, symbol: symbol, side: side, quantity: quantity,
            reduceOnly: reduceOnly, timestamp: timestamp)
        self.due = due
        self.deadline = deadline
        self.arrival = arrival
    }
}
