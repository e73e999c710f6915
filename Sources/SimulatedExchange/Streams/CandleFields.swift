import CoreModels
import WireFormats

/// The data of `push.kline`.
struct CandleFields {
    let market: ContractMarket
    let interval: CandleInterval

    func write(_ writer: inout JSONWriter) {
        let (minute, candle) = market.history.running(interval)
        writer.beginObject()
        writer.name("symbol")
        writer.symbol(market.contract.symbol)
        writer.name("interval")
        writer.text(interval.rawValue)
        writer.name("t")
        writer.integer(minute * 60)
        price("o", candle.open, &writer)
        price("c", candle.close, &writer)
        price("h", candle.high, &writer)
        price("l", candle.low, &writer)
        writer.name("a")
        writer.number(market.amount(candle.amount))
        writer.name("q")
        writer.integer(candle.contracts)
        price("ro", candle.first, &writer)
        price("rc", candle.close, &writer)
        price("rh", candle.tradedHigh, &writer)
        price("rl", candle.tradedLow, &writer)
        writer.endObject()
    }

    private func price(_ name: StaticString, _ ticks: Int64, _ writer: inout JSONWriter) {
        writer.name(name)
        writer.number(market.contract.price(ticks))
    }
}
