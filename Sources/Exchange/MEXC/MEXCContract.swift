import CoreModels
import WireFormats

/// MEXC's futures ("contract") public side: JSON of the socket `/edge` and of `/api/v1/contract`.
///
/// Bytes are plain: a binary frame that begins with 1f 8b is gzip and has to be unpacked before.
/// Frames have at most 2 MiB, replies 8 MiB, both 16 levels. Fields and channels nobody here knows are
/// passed over. A list with a row that cannot be read loses that row and counts it where the fact
/// has room for a count; everything else that cannot be read is an error.
public struct MEXCContract: ExchangeAdapter {
    /// Levels asked for on each side of a book.
    public static let bookLevels = 5

    public init() {}

    public func decode(frame: RawSpan) throws(ExchangeError) -> ExchangeFact {
        try Self.read(frame, JSONReader.frameLimit) { json throws(ExchangeError) in
            try MEXCFrame(json).fact()
        }
    }

    public func decode(
        reply: RawSpan, to question: MarketQuestion
    ) throws(ExchangeError) -> ExchangeFact {
        try Self.read(reply, JSONReader.replyLimit) { json throws(ExchangeError) in
            try MEXCReply(json, to: question).fact()
        }
    }

    public func encode(_ request: FeedRequest) -> [UInt8] {
        switch request {
        case .ping: Array(#"{"method":"ping"}"#.utf8)
        case .subscribeTickers: Array(#"{"method":"sub.tickers","param":{}}"#.utf8)
        case .subscribeBook(let symbol):
            Self.request("sub.depth.full", symbol, #","limit":\#(Self.bookLevels)"#)
        case .subscribeTrades(let symbol): Self.request("sub.deal", symbol)
        case .unsubscribeBook(let symbol):
            Self.request("unsub.depth.full", symbol, #","limit":\#(Self.bookLevels)"#)
        case .unsubscribeTrades(let symbol): Self.request("unsub.deal", symbol)
        }
    }

    public func path(of question: MarketQuestion) -> String {
        let folder = "/api/v1/contract"
        switch question {
        case .serverTime: return "\(folder)/ping"
        case .instruments: return "\(folder)/detail"
        case .tickers: return "\(folder)/ticker"
        case .book(let symbol): return "\(folder)/depth/\(symbol)?limit=\(Self.bookLevels)"
        case .fundingRates: return "\(folder)/funding_rate"
        case .candles(let symbol, let from, let through):
            // Whole seconds; both ends belong to it.
            let start = max(0, from.advanced(by: 999).milliseconds) / 1000
            let end = max(0, through.milliseconds) / 1000
            return "\(folder)/kline/\(symbol)?interval=Min1&start=\(start)&end=\(end)"
        }
    }

    public func meaning(of complaint: String) -> ExchangeComplaint {
        if complaint.hasPrefix("more than 60 seconds no response") { return .idle }
        // Contract [NOPE_USDT] not exists
        let parts = complaint.split(whereSeparator: { $0 == "[" || $0 == "]" })
        if parts.count == 3, parts[0] == "Contract ", parts[2] == " not exists",
            let symbol = Symbol(String(parts[1]))
        {
            return .unknownSymbol(symbol)
        }
        return .other
    }

    /// A symbol holds nothing that JSON has to escape.
    private static func request(
        _ method: String, _ symbol: Symbol, _ more: String = ""
    ) -> [UInt8] {
        Array(#"{"method":"\#(method)","param":{"symbol":"\#(symbol)"\#(more)}}"#.utf8)
    }

    private static func read(
        _ bytes: RawSpan, _ limit: Int, _ body: (JSONReader) throws(ExchangeError) -> ExchangeFact
    ) throws(ExchangeError) -> ExchangeFact {
        try bytes.withUnsafeBytes { buffer throws(ExchangeError) in
            let json: JSONReader
            do throws(JSONError) {
                json = try JSONReader(borrowing: buffer, limit: limit)
            } catch { throw ExchangeError(error, field: "") }
            return try body(json)
        }
    }
}
