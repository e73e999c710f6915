import CoreModels
import Exchange

enum ExchangeFuzz {
    private static let exchange = MEXCContract()

    static func frame(_ bytes: UnsafeRawBufferPointer) {
        guard let fact = try? exchange.decode(frame: bytes.bytes) else { return }
        check(fact)
        if case .complaint(let words) = fact { _ = exchange.meaning(of: words) }
    }

    static func reply(_ bytes: UnsafeRawBufferPointer) {
        guard let symbol = Symbol("AB_USDT") else { return }
        let origin = Timestamp(milliseconds: 0)
        for question: MarketQuestion in [
            .serverTime, .instruments, .tickers, .candles(symbol, from: origin, through: origin),
            .book(symbol), .fundingRates,
        ] {
            if let fact = try? exchange.decode(reply: bytes.bytes, to: question) { check(fact) }
        }
    }

    /// What everybody behind the decoder relies on.
    private static func check(_ fact: ExchangeFact) {
        switch fact {
        case .instruments(let instruments):
            promise(
                instruments.allSatisfy { $0.contractSize.isPositive && $0.priceStep.isPositive },
                "steps and multipliers are positive")
        case .tickers(let tickers, _):
            promise(
                tickers.allSatisfy { ticker in
                    ticker.lastPrice.isPositive && ticker.bid?.isPositive ?? true
                        && ticker.ask?.isPositive ?? true
                        && !(ticker.turnover24h?.isNegative ?? false)
                }, "prices are positive")
        case .book(let book), .snapshot(let book):
            let bids = zip(book.bids, book.bids.dropFirst()).allSatisfy { $0.price >= $1.price }
            let asks = zip(book.asks, book.asks.dropFirst()).allSatisfy { $0.price <= $1.price }
            promise(bids && asks, "levels are sorted, best first")
        case .trades(_, let trades, inOldForm: _):
            promise(
                zip(trades, trades.dropFirst()).allSatisfy { $0.timestamp <= $1.timestamp },
                "trades are in order of time")
        case .candles(_, let candles):
            promise(
                zip(candles, candles.dropFirst()).allSatisfy { $0.start <= $1.start },
                "candles are in order of time")
        case .fundingRates, .serverTime, .pong, .acknowledged, .complaint, .unknown: break
        }
    }
}
