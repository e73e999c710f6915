public import CoreModels
import WireFormats

/// `signal`: docs/EVENT_SCHEMA.json.
///
/// From others mandatory: symbol, side, confidence in (0, 1], price, timestamp; by hand only the
/// first three. In the ledger the price may be null: the signal was made by hand.
public enum SignalCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, seq, id, cause, trace
        case signalID = "signal_id"
        case symbol, side, confidence, reason, timestamp, price
        case pctChange = "pct_change"
        case volume, strategy, size, source, market
    }
    private static let fields = FieldTable(Field.self)
    private static let sources = ChoiceTable(SignalSource.self)

    public static func encode(_ signal: borrowing Signal, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("signal", signal.envelope)
            writer.name("signal_id")
            writer.text(signal.envelope.id)
            writer.name("symbol")
            writer.symbol(signal.symbol)
            writer.name("side")
            writer.text(signal.side.rawValue)
            writer.name("confidence")
            writer.number(signal.confidence)
            writer.name("reason")
            writer.text(signal.reason)
            writer.name("timestamp")
            writer.time(signal.timestamp)
            writer.name("price")
            writer.number(signal.price)
            writer.name("pct_change")
            writer.number(signal.pctChange)
            writer.name("volume")
            writer.number(signal.volume)
            writer.name("strategy")
            writer.text(signal.strategy)
            writer.name("size")
            writer.number(signal.size)
            writer.name("source")
            writer.text(signal.source.rawValue)
            writer.name("market")
            writer.market(signal.market)
            writer.endObject()
        }
    }

    public static func decode(_ bytes: RawSpan, from origin: Origin) throws(EventError) -> Signal {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> Signal {
        var envelope = EnvelopeFields()
        var signalID: String?
        var symbol: Symbol?
        var side: Side?
        var confidence: Ratio?
        var reason: String?
        var timestamp: Timestamp?
        var price: Price?
        var pctChange: Ratio?
        var volume: Money?
        var strategy: String?
        var size: Quantity?
        var source: SignalSource?
        var market: MarketReference?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("signal")
            case .v: try reader.version()
            case .seq: envelope.sequence = try reader.count()
            case .id: envelope.id = try reader.text()
            case .cause: envelope.cause = try reader.text()
            case .trace: envelope.trace = try reader.text()
            case .signalID: signalID = try reader.text()
            case .symbol: symbol = try reader.symbol()
            case .side: side = try reader.side()
            case .confidence: confidence = try reader.confidence()
            case .reason: reason = try reader.text()
            case .timestamp: timestamp = try reader.timestamp()
            case .price: price = try reader.positive()
            case .pctChange: pctChange = try reader.decimal()
            case .volume: volume = try reader.notNegative()
            case .strategy: strategy = try reader.text()
            case .size: size = try reader.positive()
            case .source: source = try reader.known(sources)
            case .market: market = try MarketReferenceFields.read(&reader)
            }
        }
        if case .foreign = reader.origin {
            _ = try reader.require(price, "price")
            _ = try reader.require(timestamp, "timestamp")
        }
        return Signal(
            envelope: try envelope.envelope(reader, stream: .signals, named: signalID),
            symbol: try reader.require(symbol, "symbol"), side: try reader.require(side, "side"),
            confidence: try reader.require(confidence, "confidence"), reason: reason ?? "",
            timestamp: try reader.moment(timestamp), price: price, pctChange: pctChange,
            volume: volume, strategy: strategy ?? "manual", size: size,
            source: source ?? .manual, market: market)
    }
}

extension EventReader {
    /// Above 0, at most 1.
    fileprivate mutating func confidence() throws(EventError) -> Ratio? {
        let confidence: Ratio? = try decimal()
        if let confidence, !confidence.isPositive || confidence > Ratio(1) {
            throw failure(.outOfRange)
        }
        return confidence
    }
}
