import CoreModels
import Exchange
import Testing

@Suite("An order book") struct BookGuardTests {
    private func book(
        _ name: String = "AB_USDT", version: Int64 = 1, bids: [Book.Level] = [level("1", "5")],
        asks: [Book.Level] = [level("2", "6")]
    ) -> Book {
        Book(symbol: symbol(name), timestamp: at(0), version: version, bids: bids, asks: asks)
    }

    private func verdict(_ guardian: BookGuard, at now: Int64) -> String {
        switch guardian.quote(of: symbol("AB_USDT"), at: at(now)) {
        case .success(let quote): "\(quote.bid.price) \(quote.ask.price)"
        case .failure(let refusal): refusal.rawValue
        }
    }

    @Test("is a quote when both sides are there, uncrossed and fresh")
    func quote() {
        var books = BookGuard()
        books.saw(book(), at: at(1000))
        #expect(
            books.quote(of: symbol("AB_USDT"), at: at(1000))
                == .success(BookQuote(bid: level("1", "5"), ask: level("2", "6"), version: 1)))
    }

    private static let shapes: [([Book.Level], [Book.Level], String)] = [
        ([], [level("2", "6")], "book_one_sided"), ([level("1", "5")], [], "book_one_sided"),
        ([], [], "book_one_sided"), ([level("1", "0")], [level("2", "6")], "book_empty_level"),
        ([level("1", "5")], [level("2", "0")], "book_empty_level"),
        ([level("2", "5")], [level("2", "6")], "book_crossed"),
        ([level("2.1", "5")], [level("2", "6")], "book_crossed"),
        ([level("1.999999999999999999", "5")], [level("2", "6")], "1.999999999999999999 2.0"),
    ]

    @Test("is refused by its shape", arguments: shapes)
    func shape(bids: [Book.Level], asks: [Book.Level], expected: String) {
        var books = BookGuard()
        books.saw(book(bids: bids, asks: asks), at: at(0))
        #expect(verdict(books, at: 0) == expected)
    }

    @Test(
        "counts for two seconds",
        arguments: [
            (10_000, "1.0 2.0"), (12_000, "1.0 2.0"), (12_001, "book_stale"),
            (8_000, "1.0 2.0"), (7_999, "book_stale"),
        ] as [(Int64, String)])
    func age(now: Int64, expected: String) {
        var books = BookGuard()
        books.saw(book(), at: at(10_000))
        #expect(verdict(books, at: now) == expected)
    }

    @Test(
        "whose version goes back is no quote until it exceeds the highest seen",
        arguments: [
            ([5], "1.0 2.0"), ([5, 5, 5], "1.0 2.0"), ([5, 6, 9], "1.0 2.0"),
            ([5, 4], "book_version"), ([5, 4, 5], "book_version"), ([5, 4, 6], "1.0 2.0"),
            ([5, 4, 3, 5, 4], "book_version"), ([5, 4, 6, 6], "1.0 2.0"),
            ([-1, -2], "book_version"),
        ] as [([Int64], String)])
    func versions(versions: [Int64], expected: String) {
        var books = BookGuard()
        for version in versions { books.saw(book(version: version), at: at(0)) }
        #expect(verdict(books, at: 0) == expected)
    }

    /// The pushed versions, that of a book which was asked for, and what it is.
    private static let snapshots: [([Int64], Int64, String)] = [
        ([], 5, "1.0 2.0"), ([5], 5, "1.0 2.0"), ([5], 6, "1.0 2.0"), ([5], 4, "book_version"),
        ([5, 4], 5, "book_version"), ([5, 4], 6, "1.0 2.0"),
    ]

    @Test(
        "that was asked for is held against the pushed ones, and they not against it",
        arguments: snapshots)
    func snapshot(pushed: [Int64], version: Int64, expected: String) {
        var books = BookGuard()
        for version in pushed { books.saw(book(version: version), at: at(0)) }
        let before = verdict(books, at: 0)
        switch books.quote(ofSnapshot: book(version: version), seenAt: at(0), at: at(2000)) {
        case .success(let quote): #expect("\(quote.bid.price) \(quote.ask.price)" == expected)
        case .failure(let refusal): #expect(refusal.rawValue == expected)
        }
        #expect(verdict(books, at: 0) == before)
    }

    @Test("that was asked for is refused by its shape and age as any other", arguments: shapes)
    func snapshotShape(bids: [Book.Level], asks: [Book.Level], expected: String) {
        let asked = book(bids: bids, asks: asks)
        let fresh = BookGuard().quote(ofSnapshot: asked, seenAt: at(0), at: at(2000))
        let old = BookGuard().quote(ofSnapshot: asked, seenAt: at(0), at: at(2001))
        switch fresh {
        case .success: #expect(old == .failure(.stale))
        case .failure(let refusal):
            #expect(refusal.rawValue == expected)
            #expect(old == fresh)
        }
    }

    @Test("is missing before the first one, after a reset and when forgotten")
    func missing() {
        var books = BookGuard()
        #expect(verdict(books, at: 0) == "book_missing")
        books.saw(book(version: 9), at: at(0))
        books.saw(book(version: 1), at: at(0))
        books.reset()
        #expect(verdict(books, at: 0) == "book_missing")
        books.saw(book(version: 1), at: at(0))
        #expect(verdict(books, at: 0) == "1.0 2.0")
        books.saw(book("CD_USDT"), at: at(0))
        books.forget(symbol("AB_USDT"))
        #expect(verdict(books, at: 0) == "book_missing")
        #expect((try? books.quote(of: symbol("CD_USDT"), at: at(0)).get()) != nil)
    }
}
