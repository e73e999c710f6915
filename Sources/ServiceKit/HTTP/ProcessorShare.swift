/// Keeps one thread to a share of one processor over time; a short burst is free.
///
/// The server's thread rests by this rule, because hostile clients could otherwise keep it busy
/// for ever, next to the thread that trades. A low priority from the start would keep an honest
/// scrape waiting, just when the service is busy.
struct ProcessorShare {
    /// One part in so many.
    static let part: Int64 = 10
    /// What may be used at once after a rest.
    static let burstNanoseconds: Int64 = 50_000_000

    private var allowance = burstNanoseconds
    private var seen: (clock: Int64, processor: Int64)

    /// `clock`: monotonic nanoseconds; `processor`: those that the thread has computed.
    init(clock: Int64, processor: Int64) { seen = (clock, processor) }

    /// How many milliseconds the thread is to rest now; zero while it keeps to its share.
    mutating func rest(clock: Int64, processor: Int64) -> Int64 {
        allowance += (clock - seen.clock) / Self.part - (processor - seen.processor)
        allowance = min(allowance, Self.burstNanoseconds)
        seen = (clock, processor)
        return allowance >= 0 ? 0 : (-allowance * Self.part + 999_999) / 1_000_000
    }
}
