public import CoreModels
import WireFormats

/// `order`: docs/EVENT_SCHEMA.json.
///
/// Mandatory: order_id, client_id (1…32 of `[A-Za-z0-9_-]`), symbol, side, quantity above zero,
/// timestamp. `order_type` has to be `market` when it is there.
public enum OrderCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, seq, id, cause, trace
        case orderID = "order_id"
        case clientID = "client_id"
        case symbol, side, quantity
        case orderType = "order_type"
        case reduceOnly = "reduce_only"
        case price
        case stopLossPct = "stop_loss_pct"
        case stopLossPrice = "stop_loss_price"
        case signalID = "signal_id"
        case reason
        case approvedBy = "approved_by"
        case trimmed, market, timestamp
    }
    static let fields = FieldTable(Field.self)

    public static func encode(_ order: borrowing Order, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("order", order.envelope)
            writer.name("order_id")
            writer.text(order.orderID)
            writer.name("client_id")
            writer.text(order.clientID)
            writer.name("symbol")
            writer.symbol(order.symbol)
            writer.name("side")
            writer.text(order.side.rawValue)
            writer.name("quantity")
            writer.number(order.quantity)
            writer.name("order_type")
            writer.plain("market")
            writer.name("reduce_only")
            writer.flag(order.reduceOnly)
            writer.name("price")
            writer.number(order.price)
            writer.name("stop_loss_pct")
            writer.number(order.stopLossPct)
            writer.name("stop_loss_price")
            writer.number(order.stopLossPrice)
            writer.name("signal_id")
            writer.text(order.signalID)
            writer.name("reason")
            writer.text(order.reason.rawValue)
            writer.name("approved_by")
            writer.text(order.approvedBy)
            writer.name("trimmed")
            writer.flag(order.trimmed)
            writer.name("market")
            writer.market(order.market)
            writer.name("timestamp")
            writer.time(order.timestamp)
            writer.endObject()
        }
    }

    public static func decode(_ bytes: RawSpan, from origin: Origin) throws(EventError) -> Order {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> Order {
        var envelope = EnvelopeFields()
        var orderID: String?
        var clientID: String?
        var symbol: Symbol?
        var side: Side?
        var quantity: Quantity?
        var reduceOnly: Bool?
        var price: Price?
        var stopLossPct: Ratio?
        var stopLossPrice: Price?
        var signalID: String?
        var reason: Order.Reason?
        var approvedBy: String?
        var trimmed: Bool?
        var market: MarketReference?
        var timestamp: Timestamp?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("order")
            case .v: try reader.version()
            case .seq: envelope.sequence = try reader.count()
            case .id: envelope.id = try reader.text()
            case .cause: envelope.cause = try reader.text()
            case .trace: envelope.trace = try reader.text()
            case .orderID: orderID = try reader.identifier()
            case .clientID: clientID = try reader.clientID()
            case .symbol: symbol = try reader.symbol()
            case .side: side = try reader.side()
            case .quantity: quantity = try reader.positive()
            case .orderType: try reader.marketOrder()
            case .reduceOnly: reduceOnly = try reader.flag()
            case .price: price = try reader.positive()
            case .stopLossPct: stopLossPct = try reader.notNegative()
            case .stopLossPrice: stopLossPrice = try reader.positive()
            case .signalID: signalID = try reader.text()
            case .reason: reason = try reader.choice()
            case .approvedBy: approvedBy = try reader.text()
            case .trimmed: trimmed = try reader.flag()
            case .market: market = try MarketReferenceFields.read(&reader)
            case .timestamp: timestamp = try reader.timestamp()
            }
        }
        let id = try reader.require(orderID, "order_id")
        return Order(
            envelope: try envelope.envelope(reader, stream: .orders, named: id), orderID: id,
            clientID: try reader.require(clientID, "client_id"),
            symbol: try reader.require(symbol, "symbol"), side: try reader.require(side, "side"),
            quantity: try reader.require(quantity, "quantity"), reduceOnly: reduceOnly ?? false,
            price: price, stopLossPct: stopLossPct, stopLossPrice: stopLossPrice,
            signalID: signalID, reason: reason ?? .signal,
            approvedBy: approvedBy ?? Service.risk.rawValue, trimmed: trimmed ?? false,
            market: market, timestamp: try reader.require(timestamp, "timestamp"))
    }
}

extension EventReader {
    /// A name by which an event is found again: not empty.
    mutating func identifier() throws(EventError) -> String? {
        let text = try text()
        if text == "" { throw failure(.missingField) }
        return text
    }

    mutating func clientID() throws(EventError) -> String? {
        guard let text = try text() else { return nil }
        guard OrderCodec.isClientID(text) else { throw failure(.badClientID) }
        return text
    }

    fileprivate mutating func marketOrder() throws(EventError) {
        guard try text() ?? "market" == "market" else { throw failure(.unknownValue) }
    }
}
