import CoreModels

/// The data of `push.depth.full` and of `/contract/depth`: whole sides, `[price, contracts, orders]`
/// a level.
enum BookField: Int, WireField {
    case cts, asks, bids, version
    /// Only of replies: when it was answered.
    case timestamp

    static let table = FieldTable<Self>()
}

extension Book {
    /// - Parameter time: as of when the book is; nil when the exchange does not say.
    init(
        _ data: WireObject<BookField>, of symbol: Symbol, at time: WireValue?
    ) throws(ExchangeError) {
        guard let time else { throw ExchangeError(.missingField, "a book has no time") }
        self.init(
            symbol: symbol, timestamp: try time.moment(), version: try data[.version].integer(),
            bids: try Level.side(data[.bids]) { $0.price > $1.price },
            asks: try Level.side(data[.asks]) { $0.price < $1.price })
    }
}

extension Book.Level {
    /// The levels of one side, sorted: measured as sorted already, but nobody promises it.
    fileprivate static func side(
        _ side: WireValue, by isBetter: (Self, Self) -> Bool
    ) throws(ExchangeError) -> [Self] {
        var levels: [Self] = []
        var list = try side.list()
        while let level = try list.next() {
            var numbers = try level.list()
            guard let price = try numbers.next(), let contracts = try numbers.next() else {
                throw level.invalid("has a level without price and size")
            }
            levels.append(
                Self(price: try price.positive(), contracts: try contracts.notNegative()))
        }
        return levels.sorted(by: isBetter)
    }
}
