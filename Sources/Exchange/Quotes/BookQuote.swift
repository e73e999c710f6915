/// The best bid and ask of a book that may be traded on.
public struct BookQuote: Equatable, Sendable {
    public var bid: Book.Level
    public var ask: Book.Level
    public var version: Int64

    public init(bid: Book.Level, ask: Book.Level, version: Int64) {
        self.bid = bid
        self.ask = ask
        self.version = version
    }
}
