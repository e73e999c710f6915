import CoreModels
import WireFormats

/// A decision's `state`: `{equity, day_start_equity, daily_pnl, exposure, in_flight, trading}`.
enum RiskStateFields {
    enum Field: String, CaseIterable {
        case equity
        case dayStartEquity = "day_start_equity"
        case dailyPnL = "daily_pnl"
        case exposure
        case inFlight = "in_flight"
        case trading
    }
    private static let fields = FieldTable(Field.self)

    static func write(_ state: RiskDecision.State, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("equity")
        writer.number(state.equity)
        writer.name("day_start_equity")
        writer.number(state.dayStartEquity)
        writer.name("daily_pnl")
        writer.number(state.dailyPnL)
        writer.name("exposure")
        writer.number(state.exposure)
        writer.name("in_flight")
        writer.number(state.inFlight)
        writer.name("trading")
        writer.text(state.trading)
        writer.endObject()
    }

    static func read(_ reader: inout EventReader) throws(EventError) -> RiskDecision.State {
        var equity: Money?
        var dayStartEquity: Money?
        var dailyPnL: Money?
        var exposure: Money?
        var inFlight: Money?
        var trading: String?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .equity: equity = try reader.decimal()
            case .dayStartEquity: dayStartEquity = try reader.decimal()
            case .dailyPnL: dailyPnL = try reader.decimal()
            case .exposure: exposure = try reader.notNegative()
            case .inFlight: inFlight = try reader.notNegative()
            case .trading: trading = try reader.text()
            }
        }
        return RiskDecision.State(
            equity: try reader.require(equity, "equity"),
            dayStartEquity: try reader.require(dayStartEquity, "day_start_equity"),
            dailyPnL: try reader.require(dailyPnL, "daily_pnl"),
            exposure: try reader.require(exposure, "exposure"),
            inFlight: try reader.require(inFlight, "in_flight"),
            trading: try reader.require(trading, "trading"))
    }
}
