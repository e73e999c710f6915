import CoreModels

/// The data of `push.depth.full`: whole sides, `[price, contracts, orders]` a level.
enum BookField: Int, WireField {
    case cts, asks, bids, version

    static let table = FieldTable<Self>()
}

extension Book {
    /// `pushedAt`: the push's own time, for a book without the matching engine's (delisted ones).
    init(
        _ data: WireObject<BookField>, of symbol: Symbol, pushedAt: WireValue?
    ) throws(ExchangeError) {
        guard let time = data.optional(.cts) ?? pushedAt else {
            throw ExchangeError(.missingField, "a book has neither cts nor ts")
        }
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
