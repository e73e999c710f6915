/// Which contracts of MEXC are no crypto: stocks, funds, indices, metals, oil, currencies.
enum ListedCrypto {
    private static let platePrefix = "mc-trade-zone-"

    /// Plates (`conceptPlate`) that only such contracts carry, in lower case: recorded replies of
    /// 2025-12 (Commodities) and what others saw in the whole list of 2026-07 … 2026-09. Since
    /// then nearly all of them carry `tradfi`. Coins carry ETF, RWA and ai too: not here.
    private static let plates: Set<String> = [
        "tradfi", "stock", "stockindex", "japanstock", "preipo", "commodities", "metals",
        "metalsfutures", "oil", "energyfutures", "agriculturefutures", "forex",
    ]

    /// For contracts without a plate: the metals, oils, currencies and indices that MEXC has
    /// listed under these names (contract lists of 2025-12 … 2026-09).
    private static let bases: Set<String> = [
        "XAU", "XAG", "XPT", "XPD", "GOLD", "SILVER", "COPPER", "ALUMINUM", "NICKEL", "ZINC",
        "LEAD",
        "USOIL", "UKOIL", "NGAS", "EUR", "GBP", "JPY", "AUD", "CAD", "CHF", "CNH", "TRY",
        "SPX500", "NAS100", "US30", "US500", "HK50", "JP225",
    ]

    static func isExcluded(plate: String) -> Bool {
        let name = plate.lowercased()
        return name.hasPrefix(platePrefix)
            && plates.contains(String(name.dropFirst(platePrefix.count)))
    }

    /// Names of single stocks end in STOCK: `AAPLSTOCK_USDT`.
    static func isExcluded(base: String) -> Bool {
        base.hasSuffix("STOCK") || bases.contains(base)
    }
}
