import CoreModels
import WireFormats

/// Candles in columns, as `/contract/kline` replies.
struct CandleColumns {
    /// Which price of the contract.
    enum Kind: Sendable {
        case traded
        /// Without turnover.
        case index
        case fair
    }

    let market: ContractMarket
    let windows: [(minute: Int64, candle: Candle)]
    let kind: Kind

    func write(_ writer: inout JSONWriter) {
        writer.beginObject()
        column("time", &writer) { writer, window in writer.integer(window.minute * 60) }
        price("open", &writer) { $0.open }
        price("close", &writer) { $0.close }
        price("high", &writer) { $0.high }
        price("low", &writer) { $0.low }
        column("vol", &writer) { writer, window in
            let contracts = kind == .traded ? Int128(window.candle.contracts) : 0
            writer.number(contracts * FixedArithmetic.one, .double)
        }
        column("amount", &writer) { writer, window in
            writer.number(kind == .traded ? market.amount(window.candle.amount) : 0, .double)
        }
        price("realOpen", &writer) { $0.first }
        price("realClose", &writer) { $0.close }
        price("realHigh", &writer) { $0.tradedHigh }
        price("realLow", &writer) { $0.tradedLow }
        writer.endObject()
    }

    private func price(
        _ name: StaticString, _ writer: inout JSONWriter, _ ticks: (Candle) -> Int64
    ) {
        column(name, &writer) { writer, window in
            writer.number(market.contract.price(ticks(window.candle)), .double)
        }
    }

    private func column(
        _ name: StaticString, _ writer: inout JSONWriter,
        _ value: (inout JSONWriter, (minute: Int64, candle: Candle)) -> Void
    ) {
        writer.name(name)
        writer.beginArray()
        for window in windows { value(&writer, window) }
        writer.endArray()
    }
}
