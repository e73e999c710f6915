/// One exchange's public side: bytes in and out. `MEXCContract` is the first, spot can be a second.
public protocol ExchangeAdapter: Sendable {
    /// A text or binary frame of the socket.
    func decode(frame: RawSpan) throws(ExchangeError) -> ExchangeFact
    func encode(_ request: FeedRequest) -> [UInt8]
    /// What the words of an `ExchangeFact.complaint` mean.
    func meaning(of complaint: String) -> ExchangeComplaint

    /// Path and query under the base address.
    func path(of question: MarketQuestion) -> String
    func decode(reply: RawSpan, to question: MarketQuestion) throws(ExchangeError) -> ExchangeFact
}
