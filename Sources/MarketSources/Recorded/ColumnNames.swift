/// The names in a header, and the names others give to what we look for.
struct ColumnNames {
    /// Lower case without anything but letters and digits: `quoteQty`, `quote_qty` and `Quote Qty`
    /// are one name.
    let normalized: [String]
    private let header: [String]

    static let openTimes = ["opentimems", "opentime", "opentimeus", "starttime", "start"]
    static let times = [
        "tsms", "timems", "timestampms", "tradetimems", "ts", "time", "timestamp", "tradetime",
        "transacttime", "eventtime", "eventtimems", "timeus", "tsus", "timestampus", "tsns",
        "timens", "timestampns", "tssec", "unix", "unixtime", "date", "datetime", "t",
    ]
    static let prices = ["price", "p", "tradeprice", "lastprice", "last"]
    static let closes = ["close", "c", "closeprice"]
    static let quantities = [
        "qty", "quantity", "size", "amount", "baseqty", "volume", "vol", "volumebase", "q", "v",
    ]
    static let volumes = ["volumebase", "basevolume", "volume", "vol", "v", "qty", "quantity"]
    static let quotes = [
        "quoteqty", "quotequantity", "quotevolume", "volumequote", "quoteassetvolume", "turnover",
        "notional", "amountquote", "quoteamount", "quote",
    ]

    init(_ header: [String]) {
        self.header = header
        normalized = header.map { name in
            String(name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
        }
    }

    /// The column with the first of these names that is there.
    func find(_ names: [String]) -> Int? {
        for name in names {
            if let column = normalized.firstIndex(of: name) { return column }
        }
        return nil
    }

    func missing(_ what: String) -> RowLayout.Unknown {
        RowLayout.Unknown(
            reason: "the header \(header.joined(separator: ",")) has no column for \(what)")
    }
}
