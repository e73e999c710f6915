import CoreModels
import WireFormats

/// A deal as the exchange writes it.
struct DealFields {
    let contract: Contract
    let skew: Int64
    /// The matching engine's time once more, as a text: the stream has it, REST does not.
    let hasEngineTime: Bool

    func write(_ deal: Deal, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("p")
        writer.number(contract.price(deal.ticks))
        writer.name("v")
        writer.integer(deal.contracts)
        writer.name("T")
        writer.integer(deal.isBuy ? 1 : 2)
        writer.name("O")
        writer.integer(deal.effect)
        writer.name("M")
        writer.integer(deal.isSelf ? 1 : 2)
        writer.name("t")
        writer.integer(deal.time.milliseconds + skew)
        writer.name("i")
        writer.text("\(deal.id)")
        if hasEngineTime {
            writer.name("cts")
            writer.text("\(deal.time.milliseconds + skew)")
        }
        writer.endObject()
    }
}
