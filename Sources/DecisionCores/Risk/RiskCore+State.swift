public import CoreModels

// What is kept over a restart, key by key: `account`, `day`, `trading`, `numbers`, `counters`,
// `backlog`; per symbol `position:`, `symbol:`, `mark:` (the quote) and `window:`; per order
// `inflight:`. Keys may be put back in any order.
extension RiskCore {
    private static let streams: [Stream] = [.riskDecisions, .orders, .account, .alertsRisk]

    public mutating func takeChangedKeys() -> [String] {
        var keys = changes.take()
        for symbol in board.takeTouched() {
            keys.append("mark:\(symbol)")
            keys.append("window:\(symbol)")
        }
        return keys.sorted()
    }

    public func state(of key: String) -> Value? {
        let (kind, rest) = Self.split(key)
        switch kind {
        case "account": return accountValue
        case "day": return day.value
        case "trading": return trading.value
        case "numbers":
            return .object(Self.streams.map { .init($0.rawValue, .integer(numbers.head($0))) })
        case "counters": return counters.value
        case "backlog": return .integer(Int64(backlog))
        case "inflight":
            return Stream.orders.sequence(of: rest).flatMap { inFlight.order($0)?.value }
        case "position":
            guard let position = Symbol(rest).flatMap({ portfolio.position($0) }) else {
                return nil
            }
            return .object([
                .init("quantity", .number(position.quantity)),
                .init("cost", .number(position.cost)),
            ])
        case "mark", "window", "symbol":
            guard let number = Symbol(rest).flatMap({ board.index.find($0) }) else { return nil }
            return symbolState(kind, number)
        default: return nil
        }
    }

    public mutating func restore(_ key: String, _ value: Value) -> Bool {
        let (kind, rest) = Self.split(key)
        wakeUp = Timestamp(milliseconds: .min)
        switch kind {
        case "account": return restoreAccount(value)
        case "day": return Self.replace(&day, TradingDay(value, limits: limits))
        case "trading": return Self.replace(&trading, TradingState(value))
        case "numbers": return restoreNumbers(value)
        case "counters": return Self.replace(&counters, RiskCounters(value))
        case "backlog": return Self.replace(&backlog, value.integer.map { Int($0) })
        case "inflight":
            guard let order = InFlightOrder(value), order.id == rest else { return false }
            inFlight.add(order)
            return true
        case "position", "mark", "window", "symbol":
            guard let symbol = Symbol(rest) else { return false }
            return restoreSymbol(kind, symbol, value)
        default: return false
        }
    }

    private static func split(_ key: String) -> (kind: String, rest: String) {
        guard let colon = key.firstIndex(of: ":") else { return (key, "") }
        return (String(key[..<colon]), String(key[key.index(after: colon)...]))
    }

    private static func replace<Part>(_ part: inout Part, _ restored: Part?) -> Bool {
        guard let restored else { return false }
        part = restored
        return true
    }
}

extension RiskCore {
    private var accountValue: Value {
        .object([
            .init("cash", .number(portfolio.cash)), .init("realized", .number(portfolio.realized)),
            .init("fees", .number(portfolio.fees)),
            .init("realized_today", .number(portfolio.realizedToday)),
        ])
    }

    private mutating func restoreAccount(_ value: Value) -> Bool {
        guard let cash = value["cash"].fixed(MoneyUnit.self),
            let realized = value["realized"].fixed(MoneyUnit.self),
            let fees = value["fees"].fixed(MoneyUnit.self),
            let today = value["realized_today"].fixed(MoneyUnit.self)
        else { return false }
        portfolio.restore(cash: cash, realized: realized, fees: fees, realizedToday: today)
        return true
    }

    private mutating func restoreNumbers(_ value: Value) -> Bool {
        for stream in Self.streams {
            guard let head = value[stream.rawValue].integer else { return false }
            numbers.restore(stream, head: head)
        }
        return true
    }

    private func symbolState(_ kind: String, _ number: Int) -> Value? {
        switch kind {
        case "mark":
            let quote = board.markets[number].quote
            return quote.last == .zero ? nil : quote.value
        case "symbol":
            return board.markets[number].watch.value
        default:
            let spread = Value.Member("spread", board.markets[number].spread.value)
            return .object(board.markets[number].range.values + [spread])
        }
    }

    private mutating func restoreSymbol(_ kind: String, _ symbol: Symbol, _ value: Value) -> Bool {
        let number = board.number(of: symbol)
        switch kind {
        case "mark":
            guard let quote = Quote(value), portfolio.mark(symbol, at: quote.last) else {
                return false
            }
            board.markets[number].quote = quote
            if let receipt = quote.receipt {
                lastReceipt = max(lastReceipt ?? receipt, receipt)
            }
            return true
        case "symbol":
            return board.restoreWatch(number, value)
        case "position":
            guard let quantity = value["quantity"].fixed(QuantityUnit.self), quantity != .zero,
                let cost = value["cost"].fixed(MoneyUnit.self)
            else { return false }
            // Valued by its quote, whichever of the two comes first.
            let position = Position(
                symbol: symbol, quantity: quantity, cost: cost,
                lastPrice: board.markets[number].quote.last)
            board.markets[number].watch.lossLimit = limits.lossLimit(of: position)
            return portfolio.restore(position)
        default:
            return board.markets[number].range.restore(value)
                && board.markets[number].spread.restore(value["spread"])
        }
    }
}
