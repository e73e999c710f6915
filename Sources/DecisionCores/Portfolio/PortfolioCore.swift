public import CoreModels

/// Cash, positions and what was realized, exact to the last unit of 10⁻¹⁸.
///
/// A fill's notional is rounded once, against the trader (BUY up, SELL down), and the same number
/// enters cash and cost. So `conserved` never changes, whatever is booked.
public struct PortfolioCore: Equatable, Sendable {
    /// No single notional, cost or fee may exceed this (10¹⁵ USDT): sums can then not overflow.
    public static var moneyLimit: Money { Money(1_000_000_000_000_000) }
    /// Nor cash, nor what a signal may wish for (10¹⁸ USDT).
    static var cashLimit: Money { Money(1_000_000_000_000_000_000) }

    public private(set) var cash: Money
    /// Realized since the beginning, fees not taken off.
    public private(set) var realized: Money = .zero
    public private(set) var fees: Money = .zero
    /// Realized since 00:00 UTC, fees taken off.
    public private(set) var realizedToday: Money = .zero
    /// Sorted by symbol; no empty ones.
    public private(set) var positions: [Position] = []
    /// Σ quantity × last price.
    public private(set) var value: Money = .zero
    /// Σ |quantity| × last price.
    public private(set) var gross: Money = .zero

    public init(cash: Money) { self.cash = cash }

    public var equity: Money { cash + value }
    public var unrealized: Money { positions.reduce(Money.zero) { $0 + $1.unrealized } }
    /// What open shorts brought in and will be needed to buy them back.
    public var shortProceeds: Money {
        positions.reduce(Money.zero) { $1.cost.isNegative ? $0 - $1.cost : $0 }
    }

    /// cash + Σ cost − realized + fees: always the capital it began with.
    public var conserved: Money {
        positions.reduce(cash - realized + fees) { $0 + $1.cost }
    }

    public func position(_ symbol: Symbol) -> Position? {
        place(of: symbol).map { positions[$0] }
    }

    /// Where the symbol stands among the positions until the next fill; nil when it is not held.
    @inline(__always)
    func place(of symbol: Symbol) -> Int? {
        let index = Self.firstIndex(in: positions, notBefore: symbol)
        return index < positions.count && positions[index].symbol == symbol ? index : nil
    }

    /// Values a held symbol at a new last price. False, and nothing changed, when the value is
    /// beyond `moneyLimit`; true without effect for a symbol that is not held.
    public mutating func mark(_ symbol: Symbol, at price: Price) -> Bool {
        place(of: symbol).map { mark(place: $0, at: price) } ?? true
    }

    /// As `mark(_:at:)`, of the position that stands there.
    mutating func mark(place: Int, at price: Price) -> Bool {
        let before = (value: positions[place].value, gross: positions[place].gross)
        guard positions[place].revalue(at: price) else { return false }
        value += positions[place].value - before.value
        gross += positions[place].gross - before.gross
        return true
    }

    /// Books a fill: averages, reduces, closes or flips. False, and nothing changed, when quantity
    /// or price is not positive or a number would pass `moneyLimit`.
    public mutating func book(
        _ symbol: Symbol, _ side: Side, quantity: Quantity, price: Price, fee: Money
    ) -> Bool {
        let rounding: Rounding = side == .buy ? .awayFromZero : .towardZero
        guard quantity.isPositive, price.isPositive, fee.magnitude <= Self.moneyLimit,
            let notional = price.times(quantity, rounding), notional <= Self.moneyLimit
        else { return false }
        let held = position(symbol)
        var next = held ?? Position(symbol: symbol, lastPrice: price)
        var gain = Money.zero
        if held == nil || next.side == side {
            // Of a coin that costs next to nothing there may be too many to count.
            guard let grown = next.quantity.adding(Self.signed(quantity, side)) else {
                return false
            }
            next.quantity = grown
            next.cost += Self.signed(notional, side)
        } else {
            let closing = min(quantity, next.quantity.magnitude)
            guard let closed = price.times(closing, rounding),
                let released = Self.share(of: next, closing)
            else { return false }
            gain = -Self.signed(closed, side) - released
            next.quantity += Self.signed(closing, side)
            next.cost -= released
            if quantity > closing {
                next.quantity = Self.signed(quantity - closing, side)
                next.cost = Self.signed(notional - closed, side)
            }
        }
        let cashAfter = cash - Self.signed(notional, side) - fee
        guard next.cost.magnitude <= Self.moneyLimit, cashAfter.magnitude <= Self.cashLimit,
            next.revalue(at: price)
        else { return false }
        cash = cashAfter
        realized += gain
        fees += fee
        realizedToday += gain - fee
        place(next)
        return true
    }

    /// A new day: what was realized is counted from zero.
    public mutating func beginDay() { realizedToday = .zero }

    /// Puts back the sums, as the first thing into a fresh portfolio or after its positions.
    mutating func restore(cash: Money, realized: Money, fees: Money, realizedToday: Money) {
        self.cash = cash
        self.realized = realized
        self.fees = fees
        self.realizedToday = realizedToday
    }

    /// Puts back a position at its last known price.
    mutating func restore(_ position: Position) -> Bool {
        var valued = position
        guard valued.revalue(at: position.lastPrice) else { return false }
        place(valued)
        return true
    }

    private mutating func place(_ position: Position) {
        let index = Self.firstIndex(in: positions, notBefore: position.symbol)
        if index < positions.count, positions[index].symbol == position.symbol {
            let old = positions.remove(at: index)
            value -= old.value
            gross -= old.gross
        }
        guard position.quantity != .zero else { return }
        positions.insert(position, at: index)
        value += position.value
        gross += position.gross
    }

    private static func firstIndex(in positions: [Position], notBefore symbol: Symbol) -> Int {
        var low = 0
        var high = positions.count
        while low < high {
            let middle = (low + high) / 2
            if positions[middle].symbol < symbol { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The cost that leaves with a part of a position; all of it with the last part.
    private static func share(of position: Position, _ closing: Quantity) -> Money? {
        let size = position.quantity.magnitude
        if closing == size { return position.cost }
        return FixedArithmetic.multiplyThenDivide(
            position.cost.raw, closing.raw, by: size.raw, .nearest
        ).map(Money.init(raw:))
    }

    private static func signed<Unit>(_ value: Fixed<Unit>, _ side: Side) -> Fixed<Unit> {
        side == .buy ? value : -value
    }
}
