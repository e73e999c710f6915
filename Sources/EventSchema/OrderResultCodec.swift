public import CoreModels
import WireFormats

/// `order_result`: docs/EVENT_SCHEMA.json.
///
/// Mandatory: order_id, status, symbol, side, filled_quantity, and a price above zero when
/// something was filled; without a fill a price of zero counts as absent. `quantity` defaults to
/// what was filled.
public enum OrderResultCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, seq, id, cause, trace
        case orderID = "order_id"
        case clientID = "client_id"
        case status, symbol, side, quantity
        case filledQuantity = "filled_quantity"
        case price
        case referencePrice = "reference_price"
        case slippageBps = "slippage_bps"
        case fee
        case feeCurrency = "fee_currency"
        case liquidity, mode
        case errorCode = "error_code"
        case errorMessage = "error_message"
        case timestamp
    }
    private static let fields = FieldTable(Field.self)

    public static func encode(_ result: borrowing OrderResult, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("order_result", result.envelope)
            writer.name("order_id")
            writer.text(result.orderID)
            writer.name("client_id")
            writer.text(result.clientID)
            writer.name("status")
            writer.text(result.status.rawValue)
            writer.name("symbol")
            writer.symbol(result.symbol)
            writer.name("side")
            writer.text(result.side.rawValue)
            writer.name("quantity")
            writer.number(result.quantity)
            writer.name("filled_quantity")
            writer.number(result.filledQuantity)
            writer.name("price")
            writer.number(result.price)
            writer.name("reference_price")
            writer.number(result.referencePrice)
            writer.name("slippage_bps")
            writer.number(result.slippageBps)
            writer.name("fee")
            writer.number(result.fee)
            writer.name("fee_currency")
            writer.text(result.feeCurrency)
            writer.name("liquidity")
            writer.plain("taker")
            writer.name("mode")
            writer.text(result.mode)
            writer.name("error_code")
            writer.text(result.errorCode)
            writer.name("error_message")
            writer.text(result.errorMessage)
            writer.name("timestamp")
            writer.time(result.timestamp)
            writer.endObject()
        }
    }

    public static func decode(
        _ bytes: RawSpan, from origin: Origin
    ) throws(EventError) -> OrderResult {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> OrderResult {
        var envelope = EnvelopeFields()
        var orderID: String?
        var clientID: String?
        var status: OrderResult.Status?
        var symbol: Symbol?
        var side: Side?
        var quantity: Quantity?
        var filled: Quantity?
        var price: Price?
        var referencePrice: Price?
        var slippageBps: Ratio?
        var fee: Money?
        var feeCurrency: String?
        var mode: String?
        var errorCode: String?
        var errorMessage: String?
        var timestamp: Timestamp?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("order_result")
            case .v: try reader.version()
            case .seq: envelope.sequence = try reader.count()
            case .id: envelope.id = try reader.text()
            case .cause: envelope.cause = try reader.text()
            case .trace: envelope.trace = try reader.text()
            case .orderID: orderID = try reader.identifier()
            case .clientID: clientID = try reader.text()
            case .status: status = try reader.choice()
            case .symbol: symbol = try reader.symbol()
            case .side: side = try reader.side()
            case .quantity: quantity = try reader.notNegative()
            case .filledQuantity: filled = try reader.notNegative()
            case .price: price = try reader.decimal()
            case .referencePrice: referencePrice = try reader.positive()
            case .slippageBps: slippageBps = try reader.decimal()
            case .fee: fee = try reader.decimal()
            case .feeCurrency: feeCurrency = try reader.text()
            case .liquidity: _ = try reader.text()
            case .mode: mode = try reader.text()
            case .errorCode: errorCode = try reader.text()
            case .errorMessage: errorMessage = try reader.text()
            case .timestamp: timestamp = try reader.timestamp()
            }
        }
        let filledQuantity = try reader.require(filled, "filled_quantity")
        return OrderResult(
            envelope: try envelope.envelope(reader, stream: .orderResults),
            orderID: try reader.require(orderID, "order_id"), clientID: clientID ?? "",
            status: try reader.require(status, "status"),
            symbol: try reader.require(symbol, "symbol"), side: try reader.require(side, "side"),
            quantity: quantity ?? filledQuantity, filledQuantity: filledQuantity,
            price: try fillPrice(price, filled: filledQuantity, reader),
            referencePrice: referencePrice, slippageBps: slippageBps, fee: fee ?? .zero,
            feeCurrency: feeCurrency ?? "USDT", mode: mode ?? "paper", errorCode: errorCode,
            errorMessage: errorMessage, timestamp: try reader.moment(timestamp))
    }

    private static func fillPrice(
        _ price: Price?, filled: Quantity, _ reader: borrowing EventReader
    ) throws(EventError) -> Price? {
        guard filled.isPositive else { return price.flatMap { $0.isPositive ? $0 : nil } }
        let price = try reader.require(price, "price")
        guard price.isPositive else { throw EventError(.notPositive, field: "price", at: 0) }
        return price
    }
}
