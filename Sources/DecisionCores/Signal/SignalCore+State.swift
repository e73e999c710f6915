public import CoreModels

// The state, by key:
//   streams             the heads of the two streams and the last signal
//   signal:BTC_USDT     the cooldowns
//   window:seen:…       the last market_data seen, for signals by hand
//   window:counters     what was counted
extension SignalCore {
    private static let cooldownPrefix = "signal:"
    private static let seenPrefix = "window:seen:"

    public mutating func takeChangedKeys() -> [String] {
        var keys: [String] = []
        if streamsChanged { keys.append("streams") }
        if countersChanged { keys.append("window:counters") }
        for number in cooldownsChanged.numbers {
            keys.append(Self.cooldownPrefix + index.symbols[number].description)
        }
        for number in seenChanged.numbers {
            keys.append(Self.seenPrefix + index.symbols[number].description)
        }
        streamsChanged = false
        countersChanged = false
        cooldownsChanged.clear()
        seenChanged.clear()
        return keys.sorted()
    }

    public func state(of key: String) -> Value? {
        switch key {
        case "streams": return streamsState
        case "window:counters": return countersState
        default: break
        }
        if let symbol = symbol(in: key, after: Self.cooldownPrefix) {
            return cooldownState(symbol)
        }
        return symbol(in: key, after: Self.seenPrefix).flatMap(seenState)
    }

    public mutating func restore(_ key: String, _ value: Value) -> Bool {
        switch key {
        case "streams": return restoreStreams(value)
        case "window:counters": return restoreCounters(value)
        default: break
        }
        if let symbol = symbol(in: key, after: Self.cooldownPrefix) {
            let number = number(of: symbol)
            symbols[number].boughtAt = value["buy"].time
            symbols[number].soldAt = value["sell"].time
            return true
        }
        guard let symbol = symbol(in: key, after: Self.seenPrefix),
            let price = value["price"].fixed(PriceUnit.self),
            let pctChange = value["pct_change"].fixed(RatioUnit.self),
            let volume = value["volume"].fixed(MoneyUnit.self)
        else { return false }
        symbols[number(of: symbol)].seen = .init(
            price: price, pctChange: pctChange, volume: volume)
        return true
    }

    private func symbol(in key: String, after prefix: String) -> Symbol? {
        key.hasPrefix(prefix) ? Symbol(String(key.dropFirst(prefix.count))) : nil
    }

    private var streamsState: Value {
        .object([
            .init("signals", .integer(numbers.head(.signals))),
            .init("alerts", .integer(numbers.head(.alertsCore))),
            .init("last_signal", lastSignal),
        ])
    }

    private mutating func restoreStreams(_ value: Value) -> Bool {
        guard let signals = value["signals"].integer, let alerts = value["alerts"].integer
        else { return false }
        numbers.restore(.signals, head: signals)
        numbers.restore(.alertsCore, head: alerts)
        lastSignal = value["last_signal"]
        return true
    }

    private var countersState: Value {
        .object([
            .init("received", .integer(counters.received)),
            .init("low_volume", .integer(counters.lowVolume)),
            .init("cooling_down", .integer(counters.coolingDown)),
            .init("time_ahead", .integer(counters.timeAhead)),
        ])
    }

    private mutating func restoreCounters(_ value: Value) -> Bool {
        guard let received = value["received"].integer,
            let lowVolume = value["low_volume"].integer,
            let coolingDown = value["cooling_down"].integer,
            let timeAhead = value["time_ahead"].integer
        else { return false }
        counters.received = received
        counters.lowVolume = lowVolume
        counters.coolingDown = coolingDown
        counters.timeAhead = timeAhead
        return true
    }

    /// Nil when both sides are armed: nothing to remember.
    private func cooldownState(_ symbol: Symbol) -> Value? {
        guard let number = index.find(symbol) else { return nil }
        let known = symbols[number]
        guard known.boughtAt != nil || known.soldAt != nil else { return nil }
        return .object([
            .init("buy", known.boughtAt.map(Value.time) ?? .null),
            .init("sell", known.soldAt.map(Value.time) ?? .null),
        ])
    }

    private func seenState(_ symbol: Symbol) -> Value? {
        guard let number = index.find(symbol), let seen = symbols[number].seen else { return nil }
        return .object([
            .init("price", .number(seen.price)),
            .init("pct_change", .number(seen.pctChange)),
            .init("volume", .number(seen.volume)),
        ])
    }
}
