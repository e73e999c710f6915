import CoreModels
import WireFormats

/// A reply of MEXC's futures REST: `{"success":true,"code":0,"data":…}`. Refusals come with HTTP
/// status 200 too: `{"success":false,"code":1001,"message":"Contract does not exist"}`.
struct MEXCReply {
    private enum Field: Int, WireField {
        case success, code, data, message

        static let table = FieldTable<Self>()
    }

    private static let tooManyRequests: Int64 = 510

    private let members: WireObject<Field>
    private let question: MarketQuestion
    /// The whole market, which has to be read before it is known that nothing follows it.
    private let tickers: ExchangeFact?

    init(_ json: JSONReader, to question: MarketQuestion) throws(ExchangeError) {
        var tickers: ExchangeFact?
        members = try WireObject(
            document: json, Field.table, name: "the reply", reading: .data
        ) { _, data throws(ExchangeError) in
            guard question == .tickers, try data.kind() == .array else { return nil }
            var rows = try data.list()
            tickers = try MEXCContract.tickers(&rows)
            return rows
        }
        self.question = question
        self.tickers = tickers
    }

    func fact() throws(ExchangeError) -> ExchangeFact {
        let data = try self.data()
        if let tickers { return tickers }
        switch question {
        case .serverTime: return .serverTime(try data.moment())
        case .instruments: return try MEXCContract.instruments(data)
        case .tickers: return try MEXCContract.tickers(data)
        case .candles(let symbol, _, _):
            return .candles(symbol, try Candle.list(data.object(CandleColumn.table)))
        case .book(let symbol):
            let book = try data.object(BookField.table)
            // `cts` is when it last changed; it stood so until it was answered.
            let time = book.optional(.timestamp) ?? book.optional(.cts)
            return .snapshot(try Book(book, of: symbol, at: time))
        case .fundingRates: return try MEXCContract.fundingRates(data)
        }
    }

    private func data() throws(ExchangeError) -> WireValue {
        let code = try members.optional(.code)?.integer() ?? 0
        if code == Self.tooManyRequests {
            throw ExchangeError(.rateLimited, "code \(code): \(try message())")
        }
        guard try members[.success].flag(), code == 0 else {
            throw ExchangeError(.refused, "code \(code): \(try message())")
        }
        return try members[.data]
    }

    private func message() throws(ExchangeError) -> String {
        try members.optional(.message)?.words() ?? "no message"
    }
}
