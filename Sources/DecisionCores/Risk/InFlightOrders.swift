import CoreModels

/// The orders under way, in the order they were sent, with the sums the layers ask for.
struct InFlightOrders: Equatable, Sendable {
    private(set) var orders: [InFlightOrder] = []
    /// Σ reference notional.
    private(set) var total: Money = .zero
    /// Σ reference notional of those that open or increase a position.
    private(set) var opening: Money = .zero
    /// Σ cash the buys may need.
    private(set) var cash: Money = .zero

    mutating func add(_ order: InFlightOrder) {
        orders.insert(order, at: firstIndex(notBefore: order.sequence))
        total += order.notional
        cash += order.cash
        if !order.reduceOnly { opening += order.notional }
    }

    mutating func remove(_ sequence: Int64) {
        let index = firstIndex(notBefore: sequence)
        guard index < orders.count, orders[index].sequence == sequence else { return }
        let order = orders.remove(at: index)
        total -= order.notional
        cash -= order.cash
        if !order.reduceOnly { opening -= order.notional }
    }

    func order(_ sequence: Int64) -> InFlightOrder? {
        let index = firstIndex(notBefore: sequence)
        guard index < orders.count, orders[index].sequence == sequence else { return nil }
        return orders[index]
    }

    /// What opens or increases a position in this symbol.
    func openingNotional(_ symbol: Symbol) -> Money {
        orders.reduce(Money.zero) {
            $1.symbol == symbol && !$1.reduceOnly ? $0 + $1.notional : $0
        }
    }

    /// What closes or shrinks the position in this symbol.
    func exitQuantity(_ symbol: Symbol) -> Quantity {
        orders.reduce(Quantity.zero) {
            $1.symbol == symbol && $1.reduceOnly ? $0 + $1.quantity : $0
        }
    }

    func hasProtectiveExit(_ symbol: Symbol) -> Bool {
        orders.contains { $0.symbol == symbol && $0.isProtective }
    }

    private func firstIndex(notBefore sequence: Int64) -> Int {
        var low = 0
        var high = orders.count
        while low < high {
            let middle = (low + high) / 2
            if orders[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
