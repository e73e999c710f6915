import CoreModels
import DecisionCores
import Exchange

// Quotes, and what becomes a market_data.
extension LiveMarket {
    /// The best bid and ask of a row, where it has both and they are young enough. A book that is
    /// still good knows better.
    mutating func quote(_ row: Ticker, _ number: Int, _ receipt: Timestamp) {
        guard let bid = row.bid, let ask = row.ask else { return }
        let now = now(receipt)
        let expires = sightTime(of: row.timestamp, receipt).advanced(by: Self.quoteLifetime)
        if let known = symbols[number].quote, known.expires >= now {
            guard !known.isFromBook, known.expires <= expires else { return }
        }
        guard bid.isPositive, bid < ask else { return reject(.crossedQuote) }
        guard expires >= now else { return reject(.staleQuote) }
        symbols[number].quote = LiveSymbol.Quote(
            bid: bid, ask: ask, expires: expires, isFromBook: false)
    }

    /// A book whose best prices changed is news of its symbol; one that is not valid ends the quote.
    mutating func take(
        _ book: Book, _ receipt: Timestamp, into data: inout [MarketData]
    ) {
        advance(to: book.timestamp)
        guard let number = number(of: book.symbol, book.timestamp, receipt) else { return }
        symbols[number].quote = quote(of: book, receipt)
        publish(number, at: book.timestamp, traded: .zero, receipt, into: &data)
    }

    /// A book that was asked for is offered when it is valid; it ends no quote.
    mutating func take(
        snapshot book: Book, _ receipt: Timestamp, into data: inout [MarketData]
    ) {
        advance(to: book.timestamp)
        guard let number = number(of: book.symbol, book.timestamp, receipt) else { return }
        let seen = sightTime(of: book.timestamp, receipt)
        let verdict = guards.quote(ofSnapshot: book, seenAt: seen, at: now(receipt))
        guard let quote = quote(verdict, seen) else { return }
        symbols[number].quote = quote
        publish(number, at: book.timestamp, traded: .zero, receipt, into: &data)
    }

    private mutating func quote(of book: Book, _ receipt: Timestamp) -> LiveSymbol.Quote? {
        let seen = sightTime(of: book.timestamp, receipt)
        guards.saw(book, at: seen)
        return quote(guards.quote(of: book.symbol, at: now(receipt)), seen)
    }

    private mutating func quote(
        _ verdict: Result<BookQuote, BookRefusal>, _ seen: Timestamp
    ) -> LiveSymbol.Quote? {
        switch verdict {
        case .success(let quote):
            return LiveSymbol.Quote(
                bid: quote.bid.price, ask: quote.ask.price,
                expires: seen.advanced(by: Self.quoteLifetime), isFromBook: true)
        case .failure(let refusal):
            reject(refusal.rawValue)
            return nil
        }
    }

    /// When something of this exchange time counts as seen: a quote ages from its own time, by the
    /// exchange's clock as far as that is known, and not only from its receipt.
    private func sightTime(of time: Timestamp, _ receipt: Timestamp) -> Timestamp {
        let exchangeNow: Timestamp =
            switch settings.clock {
            case .wall: receipt.advanced(by: -clockSkew)
            case .market: latest
            }
        return now(receipt).advanced(by: -max(0, exchangeNow.since(time)))
    }

    /// Publishes a symbol when there is news of it: a price, turnover, another quote, or that
    /// nothing has changed for a while.
    mutating func publish(
        _ number: Int, at time: Timestamp, traded: Money, _ receipt: Timestamp,
        into data: inout [MarketData]
    ) {
        guard let price = symbols[number].price else { return }
        let now = now(receipt)
        let moment = max(time, symbols[number].time)
        var quote = symbols[number].quote
        if let known = quote, known.expires < now { quote = nil }
        let news = LiveSymbol.Published(price: price, quote: quote, time: moment)
        guard traded.isPositive || isNews(news, number) else { return }
        let observation = Observation(
            symbol: symbols[number].symbol, timestamp: moment, price: price,
            turnover: .traded(traded), bid: quote?.bid, ask: quote?.ask,
            volume24h: symbols[number].turnover24h, source: settings.source)
        let outcome = screener.observe(
            observation, at: now, isNeeded: symbols[number].isNeeded,
            hint: symbols[number].screenerNumber)
        symbols[number].screenerNumber = screener.lastNumber
        switch outcome {
        case .marketData(let made):
            symbols[number].published = news
            data.append(made)
        case .firstPrice, .notAmongTop: break
        case .refused(let refusal): return reject(refusal.rawValue)
        }
        symbols[number].time = moment
    }

    private func isNews(_ news: LiveSymbol.Published, _ number: Int) -> Bool {
        guard let published = symbols[number].published else { return true }
        return news.price != published.price || isNews(news.quote, after: published.quote)
            || news.time.since(published.time) >= Self.confirmationInterval
    }

    private func isNews(_ quote: LiveSymbol.Quote?, after old: LiveSymbol.Quote?) -> Bool {
        guard let quote else { return old?.isFromBook ?? false }
        return quote.bid != old?.bid || quote.ask != old?.ask
    }
}
