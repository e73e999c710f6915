import CoreModels
import WireFormats

/// The row of one contract as the market-wide stream, its own stream and REST each write it.
struct TickerFields {
    let market: ContractMarket
    /// Added to the row's time by a clock that is wrong.
    let skew: Int64

    private var contract: Contract { market.contract }

    /// A row of `push.tickers`, its names in the order of the alphabet as recorded.
    func writeRow(_ writer: inout JSONWriter) {
        writer.beginObject()
        writeAmount(&writer)
        writer.name("contractId")
        writer.integer(contract.id)
        writeFair(&writer)
        writeHigh(&writer)
        writeIndex(&writer)
        writeLast(&writer)
        writeLow(&writer)
        writeBand(&writer)
        writeChange(&writer)
        writer.name("symbol")
        writer.symbol(contract.symbol)
        writeTime(&writer)
        writeVolume(&writer)
        writer.endObject()
    }

    /// The data of `push.ticker`.
    func writePush(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("symbol")
        writer.symbol(contract.symbol)
        writePrices(&writer)
        writeAmount(&writer)
        writeTime(&writer)
        writeQuote(&writer)
        writer.name("zone")
        writer.plain("UTC+8")
        writer.name("riseFallRates")
        writer.beginArray()
        for _ in 0..<6 { writer.number(change.raw) }
        writer.endArray()
        writeTimezones(&writer)
        writer.endObject()
    }

    /// A row of the REST reply, where the rates are an object.
    func writeReply(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("contractId")
        writer.integer(contract.id)
        writer.name("symbol")
        writer.symbol(contract.symbol)
        writePrices(&writer)
        writeAmount(&writer)
        writeQuote(&writer)
        writeTime(&writer)
        writer.name("riseFallRates")
        writer.beginObject()
        writer.name("zone")
        writer.plain("UTC+8")
        writer.name("r")
        writer.number(change.raw)
        writer.name("v")
        writer.number(contract.price(market.last - market.history.reference))
        writer.endObject()
        writeTimezones(&writer)
        writer.endObject()
    }

    private var change: Ratio { market.change(since: market.history.reference) }

    private func writePrices(_ writer: inout JSONWriter) {
        writeLast(&writer)
        writeFair(&writer)
        writeIndex(&writer)
        writeHigh(&writer)
        writeLow(&writer)
        writeBand(&writer)
        writeChange(&writer)
        writeVolume(&writer)
    }

    private func writeLast(_ writer: inout JSONWriter) {
        writer.name("lastPrice")
        writer.number(contract.price(market.last), form)
    }

    private func writeFair(_ writer: inout JSONWriter) {
        writer.name("fairPrice")
        writer.number(contract.price(market.fair))
    }

    private func writeIndex(_ writer: inout JSONWriter) {
        writer.name("indexPrice")
        writer.number(contract.price(market.index))
    }

    private func writeHigh(_ writer: inout JSONWriter) {
        writer.name("high24Price")
        writer.number(contract.price(market.history.day.high))
    }

    private func writeLow(_ writer: inout JSONWriter) {
        writer.name("lower24Price")
        writer.number(contract.price(market.history.day.low))
    }

    private func writeBand(_ writer: inout JSONWriter) {
        let last = Price(raw: contract.price(market.last))
        let share = last.scaled(by: contract.priceBand, .nearest) ?? .zero
        writer.name("maxBidPrice")
        writer.number((last + share).rounded(toDecimals: contract.decimals, .nearest).raw)
        writer.name("minAskPrice")
        writer.number((last - share).rounded(toDecimals: contract.decimals, .nearest).raw)
    }

    private func writeChange(_ writer: inout JSONWriter) {
        writer.name("riseFallRate")
        writer.number(change.raw)
    }

    private func writeVolume(_ writer: inout JSONWriter) {
        writer.name("volume24")
        writer.integer(market.history.day.contracts)
    }

    /// Prices carry their trailing zeros now and then, very small ones an exponent.
    private var form: NumberForm {
        switch market.last % 8 {
        case 0: .padded(contract.decimals)
        case 1 where contract.decimals > 8: .scientific
        default: .plain
        }
    }

    private func writeAmount(_ writer: inout JSONWriter) {
        let amount = market.amount(market.history.day.amount)
        writer.name("amount24")
        writer.number(amount, market.last % 16 == 3 ? .scientific : .plain)
    }

    private func writeQuote(_ writer: inout JSONWriter) {
        writer.name("bid1")
        writer.number(contract.isTrading ? contract.price(market.bid) : 0)
        writer.name("ask1")
        writer.number(contract.isTrading ? contract.price(market.ask) : 0)
        writer.name("holdVol")
        writer.integer(contract.openInterest)
        writer.name("riseFallValue")
        writer.number(contract.price(market.last - market.history.reference))
        writer.name("fundingRate")
        writer.number(contract.fundingRate.raw)
    }

    private func writeTimezones(_ writer: inout JSONWriter) {
        writer.name("riseFallRatesOfTimezone")
        writer.beginArray()
        for _ in 0..<3 { writer.number(change.raw) }
        writer.endArray()
    }

    private func writeTime(_ writer: inout JSONWriter) {
        writer.name("timestamp")
        writer.integer(market.changedAt.milliseconds + skew)
    }
}
