import CoreModels

/// What was last seen of a symbol's market.
struct Quote: Equatable, Sendable {
    /// Of the latest market_data or fill; zero before either.
    var last: Price = .zero
    var bid: Price?
    var ask: Price?
    /// When the latest market_data came; nil before the first.
    var receipt: Timestamp?
    var reference: MarketReference?
    /// New since the start of this run: only then may it price new orders.
    var isTradable = false

    /// A feed repeats its name a million times: it is only stored when it is another.
    @inline(__always)
    mutating func see(_ messages: Span<MarketData>, _ place: Int, at now: Timestamp) {
        last = messages[place].price
        bid = messages[place].bid
        ask = messages[place].ask
        receipt = now
        isTradable = true
        if let seen = messages[place].reference, reference?.feed == seen.feed {
            reference?.sequence = seen.sequence
        } else {
            reference = messages[place].reference
        }
    }

    /// The engine's own price: BUY max(last, ask), SELL min(last, bid).
    func price(_ side: Side) -> Price {
        switch side {
        case .buy: ask.map { max(last, $0) } ?? last
        case .sell: bid.map { min(last, $0) } ?? last
        }
    }
}

extension Quote {
    var value: Value {
        .object([
            .init("price", .number(last)), .init("bid", .number(bid)), .init("ask", .number(ask)),
            .init("receipt", receipt.map { .time($0) } ?? .null),
            .init("feed", .text(reference?.feed)),
            .init("seq", reference.map { .integer($0.sequence) } ?? .null),
        ])
    }

    init?(_ value: Value) {
        guard let price = value["price"].fixed(PriceUnit.self) else { return nil }
        last = price
        bid = value["bid"].fixed()
        ask = value["ask"].fixed()
        receipt = value["receipt"].time
        isTradable = receipt != nil
        if let feed = value["feed"].text, let sequence = value["seq"].integer {
            reference = MarketReference(feed: feed, sequence: sequence)
        }
    }
}
