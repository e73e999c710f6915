import CoreModels
import WireFormats

/// One element of an account's `positions`.
enum PositionFields {
    enum Field: String, CaseIterable {
        case symbol, quantity
        case averageEntryPrice = "average_entry_price"
        case lastPrice = "last_price"
        case unrealized
    }
    private static let fields = FieldTable(Field.self)

    static func write(_ position: Account.Position, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("symbol")
        writer.symbol(position.symbol)
        writer.name("quantity")
        writer.number(position.quantity)
        writer.name("average_entry_price")
        writer.number(position.averageEntryPrice)
        writer.name("last_price")
        writer.number(position.lastPrice)
        writer.name("unrealized")
        writer.number(position.unrealized)
        writer.endObject()
    }

    static func read(_ reader: inout EventReader) throws(EventError) -> Account.Position {
        var symbol: Symbol?
        var quantity: Quantity?
        var averageEntryPrice: Price?
        var lastPrice: Price?
        var unrealized: Money?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .symbol: symbol = try reader.symbol()
            case .quantity: quantity = try reader.decimal()
            case .averageEntryPrice: averageEntryPrice = try reader.notNegative()
            case .lastPrice: lastPrice = try reader.notNegative()
            case .unrealized: unrealized = try reader.decimal()
            }
        }
        return Account.Position(
            symbol: try reader.require(symbol, "symbol"),
            quantity: try reader.require(quantity, "quantity"),
            averageEntryPrice: try reader.require(averageEntryPrice, "average_entry_price"),
            lastPrice: try reader.require(lastPrice, "last_price"),
            unrealized: try reader.require(unrealized, "unrealized"))
    }
}
