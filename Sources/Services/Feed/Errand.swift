import ServiceKit

/// Something that is asked for again and again, once at a time. Times are monotonic milliseconds.
struct Errand {
    /// From asking to asking; nil when it is only asked for on demand.
    private let interval: Int64?
    private var due: Int64
    private var askedAt: Int64 = 0
    private var backoff: Backoff
    private(set) var isUnderWay = false
    private(set) var wasAnswered = false

    init(every interval: Int64?, from now: Int64, backoff: Backoff = Backoff()) {
        self.interval = interval
        self.backoff = backoff
        due = interval == nil ? .max : now
    }

    /// When it is to be asked for; nil while it is under way.
    var dueAt: Int64? { isUnderWay ? nil : due }

    mutating func demand(_ now: Int64) { due = min(due, now) }

    mutating func asked(_ now: Int64) {
        isUnderWay = true
        askedAt = now
        due = .max
    }

    mutating func answered() {
        isUnderWay = false
        wasAnswered = true
        backoff.reset()
        if let interval { due = min(due, askedAt + interval) }
    }

    /// After a growing pause again; what was asked for on demand has to be demanded again.
    mutating func failed(_ now: Int64) {
        isUnderWay = false
        if interval != nil { due = min(due, now + backoff.next()) }
    }
}
