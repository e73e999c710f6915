import CoreModels
import EventSchema

/// Symbols that money is in, as the bus tells: positions from `account`, pending from `orders` that
/// have no result yet.
struct TradedSymbols {
    /// More pending orders than this are not followed: the oldest is forgotten.
    private static let pendingLimit = 256

    private(set) var positions: [Symbol] = []
    private var orders: [(id: String, symbol: Symbol)] = []

    var pending: [Symbol] { orders.map(\.symbol) }

    mutating func positions(_ account: Account) {
        positions = account.positions.filter { $0.quantity != .zero }.map(\.symbol)
    }

    mutating func ordered(_ order: Order) {
        if orders.count == Self.pendingLimit { orders.removeFirst() }
        orders.append((order.orderID, order.symbol))
    }

    /// Every status is terminal; what was filled is a position before the next account says so.
    mutating func ended(_ result: OrderResult) {
        orders.removeAll { $0.id == result.orderID }
        guard result.filledQuantity.isPositive, !positions.contains(result.symbol) else { return }
        positions.append(result.symbol)
    }
}
