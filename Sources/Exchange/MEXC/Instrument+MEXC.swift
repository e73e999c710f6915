import CoreModels

/// A contract of `/contract/detail`, as far as it decides what may be screened.
enum InstrumentField: Int, WireField {
    case symbol, baseCoin, quoteCoin, settleCoin, contractSize, priceUnit, state, type
    case futureType, isHidden, conceptPlate

    static let table = FieldTable<Self>()
}

extension Instrument {
    init(_ contract: WireObject<InstrumentField>) throws(ExchangeError) {
        let symbol = try contract[.symbol].symbol()
        self.init(
            symbol: symbol, contractSize: try contract[.contractSize].positive(),
            priceStep: try contract[.priceUnit].positive(),
            isTradable: try Self.isTradable(contract, symbol))
    }

    private static func isTradable(
        _ contract: WireObject<InstrumentField>, _ symbol: Symbol
    ) throws(ExchangeError) -> Bool {
        guard try isOpen(contract) else { return false }
        return try isCrypto(contract, symbol)
    }

    /// Enabled, visible, a perpetual of the normal kind, quoted and settled in USDT. What the
    /// exchange does not say is no reason against a contract.
    private static func isOpen(
        _ contract: WireObject<InstrumentField>
    ) throws(ExchangeError) -> Bool {
        for coin in [InstrumentField.quoteCoin, .settleCoin] {
            if let text = try contract.optional(coin)?.text(), text != "USDT" { return false }
        }
        // State 0 is enabled; type 1 normal; future type 1 perpetual.
        for (field, expected) in [(InstrumentField.state, Int64(0)), (.type, 1), (.futureType, 1)] {
            if let value = try contract.optional(field)?.integer(), value != expected {
                return false
            }
        }
        return try contract.optional(.isHidden)?.flag() != true
    }

    private static func isCrypto(
        _ contract: WireObject<InstrumentField>, _ symbol: Symbol
    ) throws(ExchangeError) -> Bool {
        let name = symbol.description.split(separator: "_")
        guard name.last == "USDT" else { return false }
        let base = try contract.optional(.baseCoin)?.text() ?? String(name[0])
        if ListedCrypto.isExcluded(base: base) { return false }
        guard var plates = try contract.optional(.conceptPlate)?.list() else { return true }
        while let plate = try plates.next() {
            if ListedCrypto.isExcluded(plate: try plate.text()) { return false }
        }
        return true
    }
}
