public import CoreModels
public import DecisionCores
public import MarketSources

/// Recorded files as the exchange's prices. They are read twice: once to learn their symbols, then
/// as time passes.
public struct RecordedPrices: PriceSource {
    public let listings: [Listing]
    /// From the first price to the last.
    public let span: ClosedRange<Timestamp>
    private var merge: MarketMerge

    /// `open` opens the files anew.
    public init(
        open: () throws(MarketFileError) -> MarketMerge
    ) throws(MarketFileError) {
        var survey = try open()
        var index = SymbolIndex()
        var listings: [Listing] = []
        var first: Timestamp?
        var last = Timestamp(milliseconds: 0)
        while let observation = try Self.next(&survey) {
            let number = index.number(of: observation.symbol)
            let decimals = Self.decimals(observation.price)
            if number == listings.count {
                listings.append(
                    Listing(
                        symbol: observation.symbol, price: observation.price, decimals: decimals,
                        turnoverPerMinute: .zero))
            } else {
                listings[number].decimals = max(listings[number].decimals, decimals)
            }
            first = first ?? observation.timestamp
            last = observation.timestamp
        }
        guard let first else { throw .noRows(file: "the recorded files") }
        self.listings = listings
        span = first...last
        merge = try open()
    }

    public mutating func next() throws(MarketFileError) -> Observation? { try Self.next(&merge) }

    /// A recorded candle closes on the edge to the next minute. Here it closes a millisecond
    /// earlier, so that the candles that come of it are those that were recorded.
    private static func next(
        _ merge: inout MarketMerge
    ) throws(MarketFileError) -> Observation? {
        guard var observation = try merge.next() else { return nil }
        if observation.timestamp.milliseconds % 60_000 == 0 {
            observation.timestamp = observation.timestamp.advanced(by: -1)
        }
        return observation
    }

    /// Digits after the point that the price needs.
    private static func decimals(_ price: Price) -> Int {
        var decimals = 18
        var rest = price.raw
        while decimals > 0, rest % 10 == 0 {
            rest /= 10
            decimals -= 1
        }
        return decimals
    }
}
