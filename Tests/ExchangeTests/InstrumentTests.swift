import CoreModels
import Exchange
import Testing

@Suite("A contract in the list of contracts") struct InstrumentTests {
    private static let plain = #""symbol":"AB_USDT","contractSize":0.0001,"priceUnit":0.10"#

    private static func reply(_ contracts: [String]) -> String {
        #"{"success":true,"code":0,"data":[\#(contracts.joined(separator: ","))]}"#
    }

    private func isTradable(_ members: String) -> Bool? {
        guard
            case .success(.instruments(let list)) = decode(
                Self.reply(["{\(members)}"]), to: .instruments), list.count == 1
        else { return nil }
        return list[0].isTradable
    }

    @Test("says its multiplier and its price step, alone or in a list")
    func values() {
        let contract = "{\(Self.plain),\"state\":0,\"maxLeverage\":500}"
        let expected = Instrument(
            symbol: symbol("AB_USDT"), contractSize: number("0.0001"), priceStep: number("0.1"),
            isTradable: true)
        #expect(
            decode(Self.reply([contract]), to: .instruments) == .success(.instruments([expected])))
        #expect(
            decode(#"{"success":true,"code":0,"data":\#(contract)}"#, to: .instruments)
                == .success(.instruments([expected])))
    }

    @Test(
        "may be screened when nothing speaks against it",
        arguments: [
            "", #","state":0,"type":1,"futureType":1,"isHidden":false"#, #","state":null"#,
            #","quoteCoin":"USDT","settleCoin":"USDT","conceptPlate":[]"#,
            #","conceptPlate":["mc-trade-zone-pow","mc-trade-zone-0fees","mc-trade-zone-ETF"]"#,
            #","conceptPlate":["mc-trade-zone-robinhood","mc-trade-zone-RWA","stock"]"#,
            #","baseCoin":"STOCKHOLM""#, #","apiAllowed":false"#,
        ])
    func tradable(members: String) { #expect(isTradable(Self.plain + members) == true) }

    @Test(
        "is left out when it is halted, hidden, no normal perpetual, not in USDT or no crypto",
        arguments: [
            #","state":1"#, #","state":4"#, #","isHidden":true"#, #","type":2"#,
            #","futureType":2"#,
            #","quoteCoin":"USDC""#, #","settleCoin":"BTC""#,
            #","conceptPlate":["mc-trade-zone-contract-new","mc-trade-zone-Commodities"]"#,
            #","conceptPlate":["mc-trade-zone-Stock"]"#,
            #","conceptPlate":["mc-trade-zone-tradfi"]"#,
            #","conceptPlate":["mc-trade-zone-metals"]"#,
            #","conceptPlate":["mc-trade-zone-forex"]"#,
            #","conceptPlate":["MC-TRADE-ZONE-STOCKINDEX"]"#,
            #","conceptPlate":["mc-trade-zone-OIL"]"#,
            #","baseCoin":"AAPLSTOCK""#, #","baseCoin":"XAU""#, #","baseCoin":"EUR""#,
        ])
    func leftOut(members: String) { #expect(isTradable(Self.plain + members) == false) }

    @Test(
        "is known as no crypto by its name alone",
        arguments: ["SILVER_USDT", "TSLASTOCK_USDT", "AB_USDC"])
    func byName(name: String) {
        #expect(isTradable(#""symbol":"\#(name)","contractSize":1,"priceUnit":1"#) == false)
    }

    @Test("that cannot be read is left out of the list; a list without one that can is an error")
    func unreadable() {
        let bad = ["{}", #"{"symbol":"AB_USDT","contractSize":0,"priceUnit":1}"#]
        let good = Instrument(
            symbol: symbol("AB_USDT"), contractSize: number("0.0001"), priceStep: number("0.1"),
            isTradable: true)
        #expect(
            decode(Self.reply(bad + ["{\(Self.plain)}"]), to: .instruments)
                == .success(.instruments([good])))
        #expect(decode(Self.reply(bad), to: .instruments).reason == .invalidField)
        #expect(decode(Self.reply([]), to: .instruments) == .success(.instruments([])))
    }
}
