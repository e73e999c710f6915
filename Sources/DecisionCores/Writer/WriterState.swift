public import CoreModels

/// The keys the writer's state is kept under.
enum WriterState {
    static let numbers = "numbers"
    static let marks = "marks"
    static let orderPrefix = "order:"
    static let positionPrefix = "position:"

    static func order(_ id: String) -> String { orderPrefix + id }
    static func position(_ symbol: Symbol) -> String { positionPrefix + symbol.description }
}

extension WriterCore {
    /// What the keys of this state begin with; other keys of the writer belong to others.
    public static let keyPrefixes = [
        WriterState.numbers, WriterState.marks, WriterState.orderPrefix, WriterState.positionPrefix,
    ]

    /// The keys of the state that changed since the last call, sorted; then none.
    public mutating func takeChangedKeys() -> [String] {
        defer { changed.removeAll(keepingCapacity: true) }
        return changed.sorted()
    }

    /// The state under a key; nil when there is none (any more).
    public func state(of key: String) -> Value? {
        if key == WriterState.numbers { return numbersValue }
        if key == WriterState.marks { return marksValue }
        if key.hasPrefix(WriterState.orderPrefix) {
            return pending[String(key.dropFirst(WriterState.orderPrefix.count))].map(\.value)
        }
        guard key.hasPrefix(WriterState.positionPrefix) else { return nil }
        return Symbol(String(key.dropFirst(WriterState.positionPrefix.count)))
            .flatMap { open[$0]?.value }
    }

    /// Puts back what `state(of:)` gave, into a fresh core. False when it is not understood.
    public mutating func restore(_ key: String, _ value: Value) -> Bool {
        if key == WriterState.numbers { return restoreNumbers(value) }
        if key == WriterState.marks { return restoreMarks(value) }
        if key.hasPrefix(WriterState.orderPrefix) {
            let id = String(key.dropFirst(WriterState.orderPrefix.count))
            pending[id] = PendingOrder(value)
            return true
        }
        guard key.hasPrefix(WriterState.positionPrefix), let trade = OpenTrade(value) else {
            return false
        }
        open[trade.symbol] = trade
        return true
    }

    private var numbersValue: Value {
        .object([
            Value.Member("alerts", .integer(numbers.head(Service.writer.alerts))),
            Value.Member("orders_seen", .integer(ordersSeen)),
            Value.Member("trades_opened", .integer(tradesOpened)),
        ])
    }

    private mutating func restoreNumbers(_ value: Value) -> Bool {
        guard let alerts = value["alerts"].integer, let orders = value["orders_seen"].integer,
            let trades = value["trades_opened"].integer
        else { return false }
        numbers.restore(Service.writer.alerts, head: alerts)
        (ordersSeen, tradesOpened) = (orders, trades)
        return true
    }

    /// All marks are of one account event: its time stands once.
    private var marksValue: Value {
        let symbols = marks.keys.sorted()
        let prices = symbols.compactMap { symbol in
            marks[symbol].map { Value.Member(symbol.description, .number($0.price)) }
        }
        let time = symbols.first.flatMap { marks[$0]?.time } ?? Timestamp(milliseconds: 0)
        return .object([Value.Member("time", .time(time)), Value.Member("prices", .object(prices))])
    }

    private mutating func restoreMarks(_ value: Value) -> Bool {
        guard let time = value["time"].time, let prices = value["prices"].members else {
            return false
        }
        for member in prices {
            guard let symbol = Symbol(member.name), let price: Price = member.value.fixed() else {
                return false
            }
            marks[symbol] = OpenTrade.Mark(price: price, time: time)
        }
        return true
    }
}

extension WriterCore.PendingOrder {
    var value: Value {
        .object([
            Value.Member("signal_id", .text(signalID)),
            Value.Member("stop_loss_pct", .number(stopLossPct)),
        ])
    }

    init(_ value: Value) {
        self.init(signalID: value["signal_id"].text, stopLossPct: value["stop_loss_pct"].fixed())
    }
}

extension OpenTrade {
    var value: Value {
        .object([
            Value.Member("number", .integer(number)), Value.Member("signal_id", .text(signalID)),
            Value.Member("symbol", .symbol(symbol)), Value.Member("side", .text(side.rawValue)),
            Value.Member("entry_order_id", .text(entryOrderID)),
            Value.Member("stop_loss_pct", .number(stopLossPct)),
            Value.Member("opened_at", .time(openedAt)),
            Value.Member("last_fill_at", .time(lastFillAt)),
            Value.Member("last_fill_price", .number(lastFillPrice)),
            Value.Member("held", .number(held)), Value.Member("cost", .number(cost)),
            Value.Member("entered", .number(entered)),
            Value.Member("entered_for", .number(enteredFor)),
            Value.Member("left", .number(left)), Value.Member("left_for", .number(leftFor)),
            Value.Member("realized", .number(realized)), Value.Member("fees", .number(fees)),
        ])
    }

    init?(_ value: Value) {
        guard let number = value["number"].integer, let symbol = value["symbol"].symbol,
            let side = value["side"].text.flatMap(Side.init(rawValue:)),
            let entryOrderID = value["entry_order_id"].text,
            let openedAt = value["opened_at"].time, let lastFillAt = value["last_fill_at"].time,
            let lastFillPrice: Price = value["last_fill_price"].fixed(),
            let held: Quantity = value["held"].fixed(), let cost: Money = value["cost"].fixed(),
            let entered: Quantity = value["entered"].fixed(),
            let enteredFor: Money = value["entered_for"].fixed(),
            let left: Quantity = value["left"].fixed(),
            let leftFor: Money = value["left_for"].fixed(),
            let realized: Money = value["realized"].fixed(), let fees: Money = value["fees"].fixed()
        else { return nil }
        self.init(
            number: number, signalID: value["signal_id"].text, symbol: symbol, side: side,
            entryOrderID: entryOrderID, stopLossPct: value["stop_loss_pct"].fixed(),
            openedAt: openedAt, lastFillAt: lastFillAt, lastFillPrice: lastFillPrice, held: held,
            cost: cost, entered: entered, enteredFor: enteredFor, left: left, leftFor: leftFor,
            realized: realized, fees: fees)
    }
}
