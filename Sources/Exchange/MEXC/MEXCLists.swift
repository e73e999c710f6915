import CoreModels
import WireFormats

// What the exchange sends as an array, or as one object when it was asked for one symbol.
extension MEXCContract {
    /// One object, or an array.
    static func tickers(_ data: WireValue) throws(ExchangeError) -> ExchangeFact {
        guard try data.kind() == .array else {
            return .tickers([try Ticker(data.object(TickerField.table))], unreadable: 0)
        }
        var rows = try data.list()
        return try tickers(&rows)
    }

    /// Reads the list to its end.
    static func tickers(_ list: inout WireList) throws(ExchangeError) -> ExchangeFact {
        var tickers: [Ticker] = []
        let unreadable = try rows(&list, TickerField.table) { row throws(ExchangeError) in
            tickers.append(try Ticker(row))
        }
        return .tickers(tickers, unreadable: unreadable)
    }

    /// - Throws: also when there are contracts and none can be read: that is no empty market.
    static func instruments(_ data: WireValue) throws(ExchangeError) -> ExchangeFact {
        var instruments: [Instrument] = []
        let unreadable = try rows(data, InstrumentField.table) { row throws(ExchangeError) in
            instruments.append(try Instrument(row))
        }
        guard unreadable == 0 || !instruments.isEmpty else {
            throw data.invalid("has \(unreadable) contracts and none can be read")
        }
        return .instruments(instruments)
    }

    static func fundingRates(_ data: WireValue) throws(ExchangeError) -> ExchangeFact {
        var rates: [FundingRate] = []
        let unreadable = try rows(data, FundingRateField.table) { row throws(ExchangeError) in
            rates.append(try FundingRate(row))
        }
        return .fundingRates(rates, unreadable: unreadable)
    }

    /// Gives each row to `body`; returns how many it could not read. A single object has to be
    /// readable.
    private static func rows<Field>(
        _ data: WireValue, _ table: FieldTable<Field>,
        _ body: (WireObject<Field>) throws(ExchangeError) -> Void
    ) throws(ExchangeError) -> Int {
        guard try data.kind() == .array else {
            try body(data.object(table))
            return 0
        }
        var list = try data.list()
        return try rows(&list, table, body)
    }

    private static func rows<Field>(
        _ list: inout WireList, _ table: FieldTable<Field>,
        _ body: (WireObject<Field>) throws(ExchangeError) -> Void
    ) throws(ExchangeError) -> Int {
        var unreadable = 0
        while let row = try list.nextObject(table) {
            do throws(ExchangeError) { try body(row.get()) } catch { unreadable += 1 }
        }
        return unreadable
    }
}
