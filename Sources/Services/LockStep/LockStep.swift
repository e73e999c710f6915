import CoreModels

/// Which input of a replay a service may handle next: the promise that two replays are equal.
///
/// The market is sent ahead in a window, and everything that could make the order of handling matter
/// waits for the reports of the others (docs/DELIVERY.md, "Replay"):
/// - cdb_core needs nobody and runs ahead.
/// - cdb_risk handles message k + 1 when core has reported k, the signals of k are decided, and
///   nothing is under way at cdb_execution. A signal of k waits until execution has settled too.
/// - cdb_execution handles message k + 1 when risk has reported it, and an order after the message at
///   which risk has committed it.
/// So at each message the order is: market data, results of waiting orders, risk's own orders and
/// their results, signals, their orders, their results.
struct LockStep {
    /// How far a service says it is; taken as the highest seen, since what a service handles again
    /// after a crash it handles equally.
    struct Report: Equatable {
        var sequence: Int64 = 0
        var heads: [Stream: Int64] = [:]
        var offsets: [Stream: Int64] = [:]
        /// Last message that its commits cover.
        var committed: Int64 = 0
        /// A message that somebody else has to have stored before it can store its own decisions.
        var demanded: Int64 = 0
    }

    /// What the service knows of itself when it asks.
    struct Standing {
        /// Last handled row per consumed stream.
        var offsets: [Stream: Int64]
        /// Last row fetched from the ledger per consumed stream.
        var fetched: [Stream: Int64]
        /// Last committed row per own stream.
        var heads: [Stream: Int64]
        /// Orders without a result exist.
        var hasInFlight: Bool
        /// Something was emitted and is not committed yet.
        var hasUncommitted: Bool
    }

    let service: Service
    let feed: String
    /// Last handled message.
    private(set) var handled: Int64
    /// Last message that a commit covers. Kept here, so that another feed begins with its own: what
    /// is said to be committed is never sent again.
    private(set) var committed: Int64
    private var waiting = Queue<FeedItem>()
    private var reports: [Service: Report] = [:]

    /// - Parameter handled: the last message of this feed that is stored as handled.
    init(service: Service, feed: String, handled: Int64) {
        self.service = service
        self.feed = feed
        self.handled = handled
        committed = handled
    }

    /// All that is handled is stored.
    mutating func markCommitted() { committed = handled }

    enum Receipt { case queued, duplicate, gap }

    /// A message arrived from the bus. Only the next one is taken; the replayer sends again.
    mutating func receive(_ item: FeedItem) -> Receipt {
        let next = (waiting.last?.sequence ?? handled) + 1
        if item.sequence < next { return .duplicate }
        guard item.sequence == next else { return .gap }
        waiting.append(item)
        return .queued
    }

    /// Another service reported.
    mutating func reported(_ service: Service, _ report: Report) {
        var known = reports[service] ?? Report()
        known.sequence = max(known.sequence, report.sequence)
        known.committed = max(known.committed, report.committed)
        known.demanded = max(known.demanded, report.demanded)
        known.heads.merge(report.heads, uniquingKeysWith: max)
        known.offsets.merge(report.offsets, uniquingKeysWith: max)
        reports[service] = known
    }

    /// The next message of the feed, when it is its turn.
    mutating func takeMarket(_ standing: Standing) -> FeedItem? {
        guard let next = waiting.first, mayTakeMarket(next.sequence, standing) else { return nil }
        handled = next.sequence
        return waiting.popFirst()
    }

    private func mayTakeMarket(_ next: Int64, _ standing: Standing) -> Bool {
        switch service {
        case .core, .writer: return true
        case .risk:
            let core = reports[.core] ?? Report()
            return (handled == 0 || core.sequence >= handled)
                && standing.fetched[.signals, default: 0] >= core.heads[.signals, default: 0]
                && executionHasSettled(standing)
        case .execution: return (reports[.risk] ?? Report()).sequence >= next
        }
    }

    /// Whether a row of the ledger may be handled now. `market` is the message that led to it.
    func mayHandle(
        _ stream: Stream, sequence: Int64, market: MarketReference?, _ standing: Standing
    ) -> Bool {
        switch (service, stream) {
        case (.risk, .signals):
            return isPast(market) && executionHasSettled(standing)
        case (.execution, .orders):
            let risk = reports[.risk] ?? Report()
            return sequence <= risk.heads[.orders, default: 0] && handled >= risk.sequence
        default: return true
        }
    }

    /// Whether what was decided at the last handled message may be stored. A result must not lie in
    /// the ledger before risk has stored the message that led to it: after a crash risk would come
    /// upon the result first.
    var mayCommitDecisions: Bool {
        switch service {
        case .core, .risk, .writer: true
        case .execution: (reports[.risk] ?? Report()).committed >= handled
        }
    }

    /// Execution holds a decision back until we have stored the message that led to it.
    var isCommitDemanded: Bool {
        let demanded = (reports[.execution] ?? Report()).demanded
        return service == .risk && handled >= demanded && committed < demanded
    }

    /// An order is answered for as handled only when that is stored: after a crash risk might be a
    /// message further, and the order would be handled behind that one.
    var commitsRowsAtOnce: Bool { service == .execution }

    /// True when a stream's reported head lies above what was fetched.
    func shouldFetch(_ standing: Standing) -> Bool {
        switch service {
        case .core, .writer: false
        case .risk:
            head(.core, .signals) > standing.fetched[.signals, default: 0]
                || head(.execution, .orderResults) > standing.fetched[.orderResults, default: 0]
        case .execution: head(.risk, .orders) > standing.fetched[.orders, default: 0]
        }
    }

    private func head(_ service: Service, _ stream: Stream) -> Int64 {
        reports[service]?.heads[stream] ?? 0
    }

    private func isPast(_ market: MarketReference?) -> Bool {
        guard let market, market.feed == feed else { return true }
        return market.sequence <= handled
    }

    /// Every order of ours was handled by execution, every result of its by us, and what it does at
    /// this message it has done.
    private func executionHasSettled(_ standing: Standing) -> Bool {
        guard !standing.hasUncommitted else { return false }
        guard standing.hasInFlight else { return true }
        let execution = reports[.execution] ?? Report()
        return execution.sequence >= handled
            && execution.offsets[.orders, default: 0] >= standing.heads[.orders, default: 0]
            && standing.offsets[.orderResults, default: 0]
                >= execution.heads[.orderResults, default: 0]
    }
}
