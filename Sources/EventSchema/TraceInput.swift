public import CoreModels
import WireFormats

/// One line of `cdb trace`: something told to a core, what a service says of itself, or the wish
/// to see the core's state.
public enum TraceInput: Equatable, Sendable {
    /// With the moment the line speaks of; nil when it names none.
    case fact(Fact, Timestamp?)
    case health(HealthEvent)
    /// An event no core takes: risk_decision, account, alert.
    case report
    case state

    /// Reads a line: the events of the bus, and `clock`, `halt`, `release`, `fill`, `state`.
    /// - Parameters:
    ///   - now: stands in for a timestamp that may be left out and is.
    ///   - signalsByHand: a signal needs only symbol, side and confidence.
    public static func decode(
        _ bytes: RawSpan, at now: Timestamp, signalsByHand: Bool = false
    ) throws(EventError) -> TraceInput {
        let origin = Origin.foreign(at: now)
        switch try TraceLine.type(of: bytes) {
        case "market_data":
            let data = try MarketDataCodec.decode(bytes, from: origin)
            return .fact(.marketData(data), data.timestamp)
        case "signal":
            let signal = try SignalCodec.decode(
                bytes, from: signalsByHand ? .hand(at: now) : origin)
            return .fact(.signal(signal), signal.timestamp)
        case "order":
            let order = try OrderCodec.decode(bytes, from: origin)
            return .fact(.order(order), order.timestamp)
        case "order_result":
            let result = try OrderResultCodec.decode(bytes, from: origin)
            return .fact(.orderResult(result), result.timestamp)
        case "health": return .health(try HealthCodec.decode(bytes, from: origin))
        case "risk_decision":
            _ = try RiskDecisionCodec.decode(bytes, from: origin)
            return .report
        case "account":
            _ = try AccountCodec.decode(bytes, from: origin)
            return .report
        case "alert":
            _ = try AlertCodec.decode(bytes, from: origin)
            return .report
        case "clock", "halt", "release", "fill", "state":
            return try TraceLine.read(bytes, origin: origin).input()
        default: throw EventError(.wrongEventType, field: "type", at: 0)
        }
    }

    public static func decode(
        _ bytes: [UInt8], at now: Timestamp, signalsByHand: Bool = false
    ) throws(EventError) -> TraceInput {
        try decode(bytes.span.bytes, at: now, signalsByHand: signalsByHand)
    }
}

/// The fields of the lines that are no events.
struct TraceLine {
    enum Field: String, CaseIterable {
        case type, timestamp, flatten, reason, rebase, symbol, side, quantity, price, fee
    }
    private static let fields = FieldTable(Field.self)

    private var type: String?
    private var timestamp: Timestamp?
    private var flatten: Bool?
    private var reason: String?
    private var rebase: Bool?
    private var symbol: Symbol?
    private var side: Side?
    private var quantity: Quantity?
    private var price: Price?
    private var fee: Money?

    /// The line's `type`, wherever it stands.
    static func type(of bytes: RawSpan) throws(EventError) -> String {
        try EventReader.read(bytes, origin: .ledger) { reader throws(EventError) in
            var type: String?
            var cursor = JSONNames.Cursor()
            try reader.beginObject()
            while try reader.next(typeField, &cursor) != nil { type = try reader.text() }
            return try reader.require(type, "type")
        }
    }

    private enum TypeField: String, CaseIterable { case type }
    private static let typeField = FieldTable(TypeField.self)

    static func read(_ bytes: RawSpan, origin: Origin) throws(EventError) -> TraceLine {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            var line = TraceLine()
            var cursor = JSONNames.Cursor()
            try reader.beginObject()
            while let field = try reader.next(fields, &cursor) {
                switch field {
                case .type: line.type = try reader.text()
                case .timestamp: line.timestamp = try reader.timestamp()
                case .flatten: line.flatten = try reader.flag()
                case .reason: line.reason = try reader.text()
                case .rebase: line.rebase = try reader.flag()
                case .symbol: line.symbol = try reader.symbol()
                case .side: line.side = try reader.side()
                case .quantity: line.quantity = try reader.positive()
                case .price: line.price = try reader.positive()
                case .fee: line.fee = try reader.decimal()
                }
            }
            return line
        }
    }

    func input() throws(EventError) -> TraceInput {
        switch type {
        case "clock": return .fact(.clock, try require(timestamp, "timestamp"))
        case "halt":
            return .fact(.halt(flatten: flatten ?? false, reason: reason ?? ""), timestamp)
        case "release":
            return .fact(.release(reason: reason ?? "", rebase: rebase ?? false), timestamp)
        case "fill":
            let fill = HandFill(
                symbol: try require(symbol, "symbol"), side: try require(side, "side"),
                quantity: try require(quantity, "quantity"), price: try require(price, "price"),
                fee: fee ?? .zero)
            return .fact(.fill(fill), timestamp)
        default: return .state
        }
    }

    private func require<T>(_ value: T?, _ name: String) throws(EventError) -> T {
        guard let value else { throw EventError(.missingField, field: name, at: 0) }
        return value
    }
}
