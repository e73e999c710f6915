import Exchange
import ServiceKit

/// Questions of one kind about one symbol after the other: one at a time, and not too often. Times
/// are monotonic milliseconds.
struct WantedOne {
    private let interval: Int64
    private var due: Int64
    private var isUnderWay = false
    private var backoff = Backoff(initialMilliseconds: 1_000, maximumMilliseconds: 60_000)

    init(every interval: Int64, from now: Int64) {
        self.interval = interval
        due = now
    }

    /// What is wanted, if it may be asked now; it counts as asked. Looking costs a walk through the
    /// whole market, so that it, too, has its pauses.
    mutating func take(_ now: Int64, _ wanted: () -> MarketQuestion?) -> MarketQuestion? {
        guard !isUnderWay, now >= due else { return nil }
        due = now + interval
        let question = wanted()
        isUnderWay = question != nil
        return question
    }

    mutating func answered() {
        isUnderWay = false
        backoff.reset()
    }

    /// A pause follows, unless the exchange had something against this very symbol.
    mutating func failed(_ fault: RESTFault, _ now: Int64) {
        isUnderWay = false
        if !fault.isAboutQuestion { due = now + backoff.next() }
    }
}
