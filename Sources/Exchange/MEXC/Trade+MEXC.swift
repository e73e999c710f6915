import CoreModels
import WireFormats

/// A deal of `push.deal`; its id, maker and open/close marks are of no use here.
enum TradeField: Int, WireField {
    case price, contracts, side, time

    static let names = ["p", "v", "T", "t"]
    static let table = FieldTable<Self>()
}

extension Trade {
    init(_ deal: WireObject<TradeField>) throws(ExchangeError) {
        let side: Side
        switch try deal[.side].integer() {
        case 1: side = .buy
        case 2: side = .sell
        default: throw try deal[.side].invalid("is neither 1 (buy) nor 2 (sell)")
        }
        self.init(
            timestamp: try deal[.time].moment(), price: try deal[.price].positive(),
            contracts: try deal[.contracts].positive(), side: side)
    }

    /// The data of one push: since 2025-08 an array, often newest first; before, one object.
    static func list(_ data: WireValue) throws(ExchangeError) -> [Trade] {
        guard try data.kind() == .array else { return [try Trade(data.object(TradeField.table))] }
        var trades: [Trade] = []
        var deals = try data.list()
        while let deal = try deals.next() {
            trades.append(try Trade(deal.object(TradeField.table)))
        }
        if let first = trades.first, let last = trades.last, last.timestamp < first.timestamp {
            trades.reverse()
        }
        return trades.sorted { $0.timestamp < $1.timestamp }
    }
}
