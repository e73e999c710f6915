import CoreModels

/// A row of `/contract/funding_rate`; the bounds of the rate are left alone.
enum FundingRateField: Int, WireField {
    case symbol, fundingRate, collectCycle, nextSettleTime

    static let table = FieldTable<Self>()
}

extension FundingRate {
    init(_ row: WireObject<FundingRateField>) throws(ExchangeError) {
        self.init(
            symbol: try row[.symbol].symbol(), rate: try row[.fundingRate].decimal(),
            nextSettlement: try row[.nextSettleTime].moment(),
            cycleHours: try row.optional(.collectCycle)?.integer())
    }
}
