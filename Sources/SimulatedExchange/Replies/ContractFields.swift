import CoreModels
import WireFormats

/// The terms of a contract as `/contract/detail` tells them.
struct ContractFields {
    let contract: Contract

    func write(_ writer: inout JSONWriter) {
        writer.beginObject()
        writeNames(&writer)
        writeSizes(&writer)
        writeRates(&writer)
        writeStanding(&writer)
        writer.endObject()
    }

    private func writeNames(_ writer: inout JSONWriter) {
        writer.name("id")
        writer.integer(contract.id)
        writer.name("symbol")
        writer.symbol(contract.symbol)
        text("displayName", contract.name + "永续", &writer)
        text("displayNameEn", contract.name + " PERPETUAL", &writer)
        text("baseCoin", contract.base, &writer)
        text("quoteCoin", contract.quote, &writer)
        text("baseCoinName", contract.base, &writer)
        text("quoteCoinName", contract.quote, &writer)
        text("settleCoin", contract.settle, &writer)
    }

    private func writeSizes(_ writer: inout JSONWriter) {
        writer.name("contractSize")
        writer.number(contract.contractSize.raw)
        writer.name("priceUnit")
        writer.number(contract.tick)
        integer("priceScale", Int64(contract.decimals), &writer)
        integer("volUnit", 1, &writer)
        integer("volScale", 0, &writer)
        integer("amountScale", 4, &writer)
        integer("minVol", 1, &writer)
        integer("maxVol", 400_000, &writer)
        integer("limitMaxVol", 2_500_000, &writer)
        writer.name("depthStepList")
        writer.beginArray()
        writer.text(
            String(decoding: NumberForm.plain.digits(of: contract.tick), as: UTF8.self))
        writer.endArray()
        writer.name("maxNumOrders")
        writer.beginArray()
        writer.integer(200)
        writer.integer(50)
        writer.endArray()
        integer("marketOrderMaxLevel", 20, &writer)
    }

    private func writeRates(_ writer: inout JSONWriter) {
        let one = FixedArithmetic.one
        rate("bidLimitPriceRate", contract.priceBand.raw, &writer)
        rate("askLimitPriceRate", contract.priceBand.raw, &writer)
        rate("marketOrderPriceLimitRate1", one / 5, &writer)
        rate("marketOrderPriceLimitRate2", one / 200, &writer)
        rate("takerFeeRate", contract.takerFee.raw, &writer)
        rate("makerFeeRate", contract.makerFee.raw, &writer)
        rate("initialMarginRate", one / Int128(contract.maximumLeverage), &writer)
        rate("maintenanceMarginRate", one / Int128(2 * contract.maximumLeverage), &writer)
        integer("minLeverage", 1, &writer)
        integer("maxLeverage", contract.maximumLeverage, &writer)
        text("riskLimitMode", "CUSTOM", &writer)
        text("riskLimitType", "BY_VOLUME", &writer)
    }

    private func writeStanding(_ writer: inout JSONWriter) {
        integer("state", contract.state.rawValue, &writer)
        integer("type", contract.type, &writer)
        integer("futureType", 1, &writer)
        integer("positionOpenType", 3, &writer)
        flag("apiAllowed", false, &writer)
        flag("isHidden", contract.isHidden, &writer)
        flag("isNew", false, &writer)
        flag("isHot", false, &writer)
        flag("preMarket", false, &writer)
        writer.name("conceptPlate")
        writer.beginArray()
        for concept in contract.concepts { writer.text(concept) }
        writer.endArray()
        writer.name("indexOrigin")
        writer.beginArray()
        for origin: StaticString in ["BITGET", "BYBIT", "BINANCE", "MEXC"] { writer.plain(origin) }
        writer.endArray()
        integer("createTime", 1_591_242_684_000, &writer)
        integer("openingTime", 0, &writer)
    }

    private func text(_ name: StaticString, _ text: String, _ writer: inout JSONWriter) {
        writer.name(name)
        writer.text(text)
    }

    private func integer(_ name: StaticString, _ value: Int64, _ writer: inout JSONWriter) {
        writer.name(name)
        writer.integer(value)
    }

    private func flag(_ name: StaticString, _ flag: Bool, _ writer: inout JSONWriter) {
        writer.name(name)
        writer.flag(flag)
    }

    private func rate(_ name: StaticString, _ raw: Int128, _ writer: inout JSONWriter) {
        writer.name(name)
        writer.number(raw)
    }
}
