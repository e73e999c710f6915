public import CoreModels
import WireFormats

/// `risk_decision`: docs/EVENT_SCHEMA.json. Only ours are read: all but the optional is mandatory.
public enum RiskDecisionCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, seq, id, cause, trace
        case signalID = "signal_id"
        case symbol, side, verdict, layer, code, quantity, price, notional
        case orderID = "order_id"
        case checks, state, market, timestamp
    }
    private static let fields = FieldTable(Field.self)

    public static func encode(_ decision: borrowing RiskDecision, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("risk_decision", decision.envelope)
            writer.name("signal_id")
            writer.text(decision.signalID)
            writer.name("symbol")
            writer.symbol(decision.symbol)
            writer.name("side")
            writer.text(decision.side.rawValue)
            writer.name("verdict")
            writer.text(decision.verdict.rawValue)
            writer.name("layer")
            if let layer = decision.layer { writer.integer(Int64(layer)) } else { writer.null() }
            writer.name("code")
            writer.text(decision.code.rawValue)
            writer.name("quantity")
            writer.number(decision.quantity)
            writer.name("price")
            writer.number(decision.price)
            writer.name("notional")
            writer.number(decision.notional)
            writer.name("order_id")
            writer.text(decision.orderID)
            writer.name("checks")
            writer.beginArray()
            for check in decision.checks { RiskCheckFields.write(check, to: &writer) }
            writer.endArray()
            writer.name("state")
            RiskStateFields.write(decision.state, to: &writer)
            writer.name("market")
            writer.market(decision.market)
            writer.name("timestamp")
            writer.time(decision.timestamp)
            writer.endObject()
        }
    }

    public static func decode(
        _ bytes: RawSpan, from origin: Origin
    ) throws(EventError) -> RiskDecision {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> RiskDecision {
        var envelope = EnvelopeFields()
        var signalID: String?
        var symbol: Symbol?
        var side: Side?
        var verdict: RiskDecision.Verdict?
        var layer: Int64?
        var code: RefusalReason?
        var quantity: Quantity?
        var price: Price?
        var notional: Money?
        var orderID: String?
        var checks: [RiskDecision.Check] = []
        var state: RiskDecision.State?
        var market: MarketReference?
        var timestamp: Timestamp?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("risk_decision")
            case .v: try reader.version()
            case .seq: envelope.sequence = try reader.count()
            case .id: envelope.id = try reader.text()
            case .cause: envelope.cause = try reader.text()
            case .trace: envelope.trace = try reader.text()
            case .signalID: signalID = try reader.text()
            case .symbol: symbol = try reader.symbol()
            case .side: side = try reader.side()
            case .verdict: verdict = try reader.choice()
            case .layer: layer = try reader.count()
            case .code: code = try reader.choice()
            case .quantity: quantity = try reader.notNegative()
            case .price: price = try reader.positive()
            case .notional: notional = try reader.decimal()
            case .orderID: orderID = try reader.text()
            case .checks:
                try reader.list { reader throws(EventError) in
                    checks.append(try RiskCheckFields.read(&reader))
                }
            case .state: state = try RiskStateFields.read(&reader)
            case .market: market = try MarketReferenceFields.read(&reader)
            case .timestamp: timestamp = try reader.timestamp()
            }
        }
        return RiskDecision(
            envelope: try envelope.envelope(reader, stream: .riskDecisions), signalID: signalID,
            symbol: try reader.require(symbol, "symbol"), side: try reader.require(side, "side"),
            verdict: try reader.require(verdict, "verdict"), layer: layer.map { Int($0) },
            code: try reader.require(code, "code"),
            quantity: try reader.require(quantity, "quantity"), price: price,
            notional: try reader.require(notional, "notional"), orderID: orderID, checks: checks,
            state: try reader.require(state, "state"), market: market,
            timestamp: try reader.moment(timestamp))
    }
}
