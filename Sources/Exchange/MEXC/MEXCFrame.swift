import CoreModels
import WireFormats

/// A text frame of MEXC's futures socket: `{"channel":…,"data":…,"symbol":…,"ts":…}`, in any order.
struct MEXCFrame {
    private enum Field: Int, WireField {
        case symbol, data, channel, ts

        static let table = FieldTable<Self>()
    }

    private let members: WireObject<Field>
    /// The whole market, when its channel was named before it, as it is.
    private let tickers: ExchangeFact?

    init(_ json: JSONReader) throws(ExchangeError) {
        var tickers: ExchangeFact?
        members = try WireObject(
            document: json, Field.table, name: "the frame", reading: .data
        ) { known, data throws(ExchangeError) in
            guard try known.optional(.channel)?.text() == "push.tickers",
                try data.kind() == .array
            else { return nil }
            var rows = try data.list()
            tickers = try MEXCContract.tickers(&rows)
            return rows
        }
        self.tickers = tickers
    }

    func fact() throws(ExchangeError) -> ExchangeFact {
        if let tickers { return tickers }
        let channel = try members[.channel].text()
        switch channel {
        case "push.tickers": return try MEXCContract.tickers(members[.data])
        case "push.ticker":
            return .tickers([try Ticker(members[.data].object(TickerField.table))], unreadable: 0)
        case "push.deal":
            let data = try members[.data]
            let inOldForm = try data.kind() == .object
            return .trades(try symbol(), try Trade.list(data), inOldForm: inOldForm)
        case "push.depth.full":
            let data = try members[.data].object(BookField.table)
            // The matching engine's time; delisted ones have none.
            let time = data.optional(.cts) ?? members.optional(.ts)
            return .book(try Book(data, of: symbol(), at: time))
        case "push.kline":
            let data = try members[.data].object(CandleField.table)
            return .candles(try symbol(), [try Candle(data)])
        case "pong":
            return .pong(try (members.optional(.data) ?? members.optional(.ts))?.moment())
        case "rs.error": return .complaint(try members[.data].words())
        default: return try other(channel)
        }
    }

    private func symbol() throws(ExchangeError) -> Symbol { try members[.symbol].symbol() }

    /// Answers to requests name the request and no symbol.
    private func other(_ channel: String) throws(ExchangeError) -> ExchangeFact {
        guard channel.hasPrefix("rs.") else {
            return .unknown(String(channel.prefix(WireValue.wordLimit)))
        }
        let request = String(channel.dropFirst(3).prefix(WireValue.wordLimit))
        if let data = members.optional(.data), try data.kind() == .text {
            let words = try data.words()
            if words != "success" { return .complaint("\(request): \(words)") }
        }
        return .acknowledged(request)
    }
}
