public import CoreModels
import WireFormats

/// `account`: docs/EVENT_SCHEMA.json. Only ours are read: every field is mandatory.
public enum AccountCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, seq, id, cause, trace, equity, cash, exposure
        case inFlight = "in_flight"
        case realizedToday = "realized_today"
        case unrealized
        case dailyPnL = "daily_pnl"
        case drawdownPct = "drawdown_pct"
        case dayStartEquity = "day_start_equity"
        case positions, trading, timestamp
    }
    private static let fields = FieldTable(Field.self)

    public static func encode(_ account: borrowing Account, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("account", account.envelope)
            writer.name("equity")
            writer.number(account.equity)
            writer.name("cash")
            writer.number(account.cash)
            writer.name("exposure")
            writer.number(account.exposure)
            writer.name("in_flight")
            writer.number(account.inFlight)
            writer.name("realized_today")
            writer.number(account.realizedToday)
            writer.name("unrealized")
            writer.number(account.unrealized)
            writer.name("daily_pnl")
            writer.number(account.dailyPnL)
            writer.name("drawdown_pct")
            writer.number(account.drawdownPct)
            writer.name("day_start_equity")
            writer.number(account.dayStartEquity)
            writer.name("positions")
            writer.beginArray()
            for position in account.positions { PositionFields.write(position, to: &writer) }
            writer.endArray()
            writer.name("trading")
            writer.text(account.trading)
            writer.name("timestamp")
            writer.time(account.timestamp)
            writer.endObject()
        }
    }

    public static func decode(_ bytes: RawSpan, from origin: Origin) throws(EventError) -> Account {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> Account {
        var envelope = EnvelopeFields()
        var equity: Money?
        var cash: Money?
        var exposure: Money?
        var inFlight: Money?
        var realizedToday: Money?
        var unrealized: Money?
        var dailyPnL: Money?
        var drawdownPct: Ratio?
        var dayStartEquity: Money?
        var positions: [Account.Position] = []
        var trading: String?
        var timestamp: Timestamp?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("account")
            case .v: try reader.version()
            case .seq: envelope.sequence = try reader.count()
            case .id: envelope.id = try reader.text()
            case .cause: envelope.cause = try reader.text()
            case .trace: envelope.trace = try reader.text()
            case .equity: equity = try reader.decimal()
            case .cash: cash = try reader.decimal()
            case .exposure: exposure = try reader.notNegative()
            case .inFlight: inFlight = try reader.notNegative()
            case .realizedToday: realizedToday = try reader.decimal()
            case .unrealized: unrealized = try reader.decimal()
            case .dailyPnL: dailyPnL = try reader.decimal()
            case .drawdownPct: drawdownPct = try reader.decimal()
            case .dayStartEquity: dayStartEquity = try reader.decimal()
            case .positions:
                try reader.list { reader throws(EventError) in
                    positions.append(try PositionFields.read(&reader))
                }
            case .trading: trading = try reader.text()
            case .timestamp: timestamp = try reader.timestamp()
            }
        }
        return Account(
            envelope: try envelope.envelope(reader, stream: .account),
            equity: try reader.require(equity, "equity"), cash: try reader.require(cash, "cash"),
            exposure: try reader.require(exposure, "exposure"),
            inFlight: try reader.require(inFlight, "in_flight"),
            realizedToday: try reader.require(realizedToday, "realized_today"),
            unrealized: try reader.require(unrealized, "unrealized"),
            dailyPnL: try reader.require(dailyPnL, "daily_pnl"),
            drawdownPct: try reader.require(drawdownPct, "drawdown_pct"),
            dayStartEquity: try reader.require(dayStartEquity, "day_start_equity"),
            positions: positions, trading: try reader.require(trading, "trading"),
            timestamp: try reader.moment(timestamp))
    }
}
