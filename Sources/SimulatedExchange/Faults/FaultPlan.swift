import CoreModels

/// The faults that wait, that last, and how often each has begun and shown.
struct FaultPlan: Sendable {
    private struct Lasting {
        var order: FaultOrder
        var end: Int64
    }

    /// In order of their start.
    private var waiting: [FaultOrder] = []
    private var lasting: [Lasting] = []
    /// By place in `Fault.allCases`.
    private var begun = [Int64](repeating: 0, count: Fault.allCases.count)
    private var shown = [Int64](repeating: 0, count: Fault.allCases.count)

    mutating func add(_ order: FaultOrder) {
        let place = waiting.firstIndex { $0.start > order.start } ?? waiting.count
        waiting.insert(order, at: place)
    }

    /// Takes out those whose time has come; they last from now on.
    mutating func begin(at wall: Int64) -> [FaultOrder] {
        lasting.removeAll { $0.end <= wall }
        var due: [FaultOrder] = []
        while let order = waiting.first, order.start <= wall {
            waiting.removeFirst()
            due.append(order)
            begun[Self.place(order.fault)] += 1
            if order.duration > 0 {
                lasting.append(Lasting(order: order, end: wall + order.duration))
            }
        }
        return due
    }

    /// The last of its kind that lasts, if it is about this contract.
    func active(_ fault: Fault, _ symbol: String = "") -> FaultOrder? {
        lasting.last {
            $0.order.fault == fault
                && ($0.order.symbol.isEmpty || symbol.isEmpty || $0.order.symbol == symbol)
        }?.order
    }

    /// As `active`, and counts that it shows.
    mutating func strike(_ fault: Fault, _ symbol: String = "") -> FaultOrder? {
        let order = active(fault, symbol)
        if order != nil { count(fault) }
        return order
    }

    mutating func count(_ fault: Fault) { shown[Self.place(fault)] += 1 }

    private static func place(_ fault: Fault) -> Int {
        Fault.allCases.firstIndex(of: fault) ?? 0
    }

    /// Every kind: how often it began, how often it showed, whether it lasts, and for how long.
    func page(at wall: Int64) -> Value {
        let kinds = Fault.allCases.enumerated().map { place, fault -> Value in
            let left = lasting.filter { $0.order.fault == fault && $0.end > wall }.map(\.end).max()
            return .object([
                .init("fault", .text(fault.rawValue)), .init("begun", .integer(begun[place])),
                .init("shown", .integer(shown[place])),
                .init("left_ms", .integer(left.map { $0 - wall } ?? 0)),
            ])
        }
        return .object([
            .init("waiting", .integer(Int64(waiting.count))), .init("faults", .list(kinds)),
        ])
    }
}
