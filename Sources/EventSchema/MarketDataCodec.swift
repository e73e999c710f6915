public import CoreModels
import WireFormats

/// `market_data`: docs/EVENT_SCHEMA.json.
public enum MarketDataCodec: RecordCodec {
    public static func encode(_ data: borrowing MarketData, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("market_data")
            writer.name("symbol")
            writer.symbol(data.symbol)
            writer.name("timestamp")
            writer.time(data.timestamp)
            writer.name("price")
            writer.number(data.price)
            writer.name("bid")
            writer.number(data.bid)
            writer.name("ask")
            writer.number(data.ask)
            writer.name("volume")
            writer.number(data.volume)
            writer.name("volume_24h")
            writer.number(data.volume24h)
            writer.name("pct_change")
            writer.number(data.pctChange)
            writer.name("interval")
            writer.text(data.interval)
            writer.name("source")
            writer.text(data.source.rawValue)
            writer.name("feed")
            writer.text(data.reference?.feed)
            writer.name("seq")
            if let reference = data.reference {
                writer.integer(reference.sequence)
            } else {
                writer.null()
            }
            writer.endObject()
        }
    }

    public static func decode(
        _ bytes: RawSpan, from origin: Origin
    ) throws(EventError) -> MarketData {
        var decoder = MarketDataDecoder()
        return try decoder.decode(bytes, from: origin)
    }
}

/// Decodes the market data of a feed, keeping what its messages repeat: no allocation per message.
///
/// Mandatory: symbol, timestamp, price, volume, pct_change. A bid or ask that is not above zero
/// counts as absent (that is how exchanges write an empty book); a source we do not know counts as
/// `manual`. Without both `feed` and `seq` there is no reference.
public struct MarketDataDecoder: Sendable {
    enum Field: String, CaseIterable {
        case type, v, symbol, timestamp, price, bid, ask, volume
        case volume24h = "volume_24h"
        case pctChange = "pct_change"
        case interval, source, feed, seq
    }
    private static let fields = FieldTable(Field.self)
    private static let sources = ChoiceTable(MarketSource.self)

    private var feed = KnownText("")

    public init() {}

    public mutating func decode(
        _ bytes: RawSpan, from origin: Origin = .foreign(at: Timestamp(milliseconds: 0))
    ) throws(EventError) -> MarketData {
        let known = feed
        let data = try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try Self.read(&reader, known)
        }
        if let reference = data.reference, reference.feed != feed.text {
            feed = KnownText(reference.feed)
        }
        return data
    }

    private static func read(
        _ reader: inout EventReader, _ known: KnownText
    ) throws(EventError) -> MarketData {
        var symbol: Symbol?
        var timestamp: Timestamp?
        var price: Price?
        var bid: Price?
        var ask: Price?
        var volume: Money?
        var volume24h: Money?
        var pctChange: Ratio?
        var interval: String?
        var source: MarketSource?
        var feed: String?
        var sequence: Int64?
        var cursor = JSONNames.Cursor()
        let fields = Self.fields
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("market_data")
            case .v: try reader.version()
            case .symbol: symbol = try reader.symbol()
            case .timestamp: timestamp = try reader.timestamp()
            case .price: price = try reader.positive()
            case .bid: bid = try reader.decimal()
            case .ask: ask = try reader.decimal()
            case .volume: volume = try reader.notNegative()
            case .volume24h: volume24h = try reader.notNegative()
            case .pctChange: pctChange = try reader.decimal()
            case .interval: interval = try reader.text()
            case .source: source = try reader.known(sources)
            case .feed: feed = try reader.text(known: known)
            case .seq: sequence = try reader.count()
            }
        }
        var reference: MarketReference?
        if let feed, let sequence, !feed.isEmpty {
            reference = MarketReference(feed: feed, sequence: sequence)
        }
        return MarketData(
            symbol: try reader.require(symbol, "symbol"),
            timestamp: try reader.require(timestamp, "timestamp"),
            price: try reader.require(price, "price"),
            bid: bid.flatMap { $0.isPositive ? $0 : nil },
            ask: ask.flatMap { $0.isPositive ? $0 : nil },
            volume: try reader.require(volume, "volume"), volume24h: volume24h,
            pctChange: try reader.require(pctChange, "pct_change"), interval: interval ?? "15m",
            source: source ?? .manual, reference: reference)
    }
}
