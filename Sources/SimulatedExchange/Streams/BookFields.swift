import CoreModels
import WireFormats

/// Levels of a book as the exchange writes them: `[price,contracts,orders]`.
struct BookFields {
    let contract: Contract

    func write(
        asks: some Sequence<OrderBook.Level>, bids: some Sequence<OrderBook.Level>,
        _ writer: inout JSONWriter
    ) {
        writer.name("asks")
        write(asks, &writer)
        writer.name("bids")
        write(bids, &writer)
    }

    private func write(_ levels: some Sequence<OrderBook.Level>, _ writer: inout JSONWriter) {
        writer.beginArray()
        for level in levels {
            writer.beginArray()
            writer.number(contract.price(level.ticks), form(level.ticks))
            writer.integer(level.contracts)
            writer.integer(level.orders)
            writer.endArray()
        }
        writer.endArray()
    }

    /// Some prices keep their trailing zeros, as recorded ones do.
    private func form(_ ticks: Int64) -> NumberForm {
        contract.decimals > 2 && ticks % 3 != 0 ? .padded(contract.decimals) : .plain
    }
}
