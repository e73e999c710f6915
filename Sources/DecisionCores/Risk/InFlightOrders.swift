import CoreModels

/// The orders under way, in the order they were sent, with the sums the layers ask for. Thousands
/// may be under way in a burst, so no question goes through them one by one.
struct InFlightOrders: Sendable {
    /// What is under way in one symbol.
    private struct Tally {
        var openings = 0
        var openingNotional: Money = .zero
        var exits = 0
        var exitQuantity: Quantity = .zero
        var protectiveExits = 0
    }

    /// Ascending; the first `head` are done. Results come in the order of the orders, so nearly every
    /// removal is one at the front.
    private var sent: [InFlightOrder] = []
    private var head = 0
    /// Looked up, never iterated.
    private var tallies: [Symbol: Tally] = [:]
    /// Symbols with an opening order, sorted.
    private(set) var openingSymbols: [Symbol] = []
    /// Σ reference notional.
    private(set) var total: Money = .zero
    /// Σ reference notional of those that open or increase a position.
    private(set) var opening: Money = .zero
    /// Σ cash the buys may need.
    private(set) var cash: Money = .zero

    var orders: ArraySlice<InFlightOrder> { sent[head...] }
    var count: Int { sent.count - head }

    mutating func add(_ order: InFlightOrder) {
        sent.insert(order, at: firstIndex(notBefore: order.sequence))
        total += order.notional
        cash += order.cash
        if !order.reduceOnly { opening += order.notional }
        tally(order, 1)
    }

    mutating func remove(_ sequence: Int64) {
        guard let index = index(of: sequence) else { return }
        let order = sent[index]
        if index == head {
            head += 1
            if head * 2 > sent.count {
                sent.removeFirst(head)
                head = 0
            }
        } else {
            sent.remove(at: index)
        }
        total -= order.notional
        cash -= order.cash
        if !order.reduceOnly { opening -= order.notional }
        tally(order, -1)
    }

    func order(_ sequence: Int64) -> InFlightOrder? { index(of: sequence).map { sent[$0] } }

    /// What opens or increases a position in this symbol.
    func openingNotional(_ symbol: Symbol) -> Money { tallies[symbol]?.openingNotional ?? .zero }

    /// What closes or shrinks the position in this symbol.
    func exitQuantity(_ symbol: Symbol) -> Quantity { tallies[symbol]?.exitQuantity ?? .zero }

    func hasProtectiveExit(_ symbol: Symbol) -> Bool {
        (tallies[symbol]?.protectiveExits ?? 0) > 0
    }

    /// Counts an order in (1) or out (−1) of its symbol's tally.
    private mutating func tally(_ order: InFlightOrder, _ sign: Int) {
        var tally = tallies[order.symbol] ?? Tally()
        if order.reduceOnly {
            tally.exits += sign
            tally.exitQuantity += sign > 0 ? order.quantity : -order.quantity
        } else {
            tally.openings += sign
            tally.openingNotional += sign > 0 ? order.notional : -order.notional
            note(order.symbol, isOpening: tally.openings > 0)
        }
        if order.isProtective { tally.protectiveExits += sign }
        tallies[order.symbol] = tally.openings + tally.exits > 0 ? tally : nil
    }

    private mutating func note(_ symbol: Symbol, isOpening: Bool) {
        let place = openingSymbols.firstIndex { $0 >= symbol } ?? openingSymbols.count
        let isNoted = place < openingSymbols.count && openingSymbols[place] == symbol
        if isOpening, !isNoted { openingSymbols.insert(symbol, at: place) }
        if !isOpening, isNoted { openingSymbols.remove(at: place) }
    }

    private func index(of sequence: Int64) -> Int? {
        let index = firstIndex(notBefore: sequence)
        return index < sent.count && sent[index].sequence == sequence ? index : nil
    }

    private func firstIndex(notBefore sequence: Int64) -> Int {
        var low = head
        var high = sent.count
        while low < high {
            let middle = (low + high) / 2
            if sent[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension InFlightOrders: Equatable {
    static func == (left: Self, right: Self) -> Bool { left.orders == right.orders }
}
