import CoreModels
import Testing

@testable import Services

/// Three toy services joined by `LockStep`, driven in an order drawn from a seed: bells are late,
/// rows are fetched late, everybody runs at a random pace. What each of them handles, and in which
/// order, must not depend on the seed.
private struct ToyStack {
    struct Row: Equatable {
        let stream: CoreModels.Stream
        let sequence: Int64
        let market: MarketReference?
        let text: String
    }

    struct ToyService {
        var lockStep: LockStep
        var standing = LockStep.Standing(
            offsets: [:], fetched: [:], heads: [:], hasInFlight: false, hasUncommitted: false)
        var inbox: [CoreModels.Stream: [Row]] = [:]
        var uncommitted: [(CoreModels.Stream, MarketReference?, String)] = []
        var bells: [(from: Service, report: LockStep.Report)] = []
        /// What was handled, in order: this must be the same for every seed.
        var trace: [String] = []
        var lastReport: LockStep.Report?
        var waitingOrders: [String] = []
        var unanswered: Set<String> = []
    }

    static let feed = "replay-0000000000000000"
    var services: [Service: ToyService] = [:]
    var ledger: [CoreModels.Stream: [Row]] = [:]
    var random: Randomness
    let length: Int64
    var sent: Int64 = 0

    init(seed: UInt64, length: Int64) {
        random = Randomness(seed: seed)
        self.length = length
        for service in [Service.core, .risk, .execution] {
            services[service] = ToyService(
                lockStep: LockStep(service: service, feed: Self.feed, handled: 0))
        }
    }

    /// Runs for many more steps than the work needs; the traces of the three.
    mutating func run() -> [Service: [String]] {
        let order: [Service] = [.core, .risk, .execution]
        for _ in 0..<6000 {
            let service = order[random.below(3)]
            switch random.below(4) {
            case 0: sendMarket()
            case 1: deliverBell(service)
            case 2: fetch(service)
            default: act(service)
            }
        }
        return services.mapValues(\.trace)
    }

    private mutating func sendMarket() {
        guard sent < length else { return }
        sent += 1
        let data = MarketData(
            symbol: Symbol("BTC_USDT") ?? fallback, timestamp: Timestamp(milliseconds: sent),
            price: Price(1), volume: .zero, pctChange: .zero,
            reference: MarketReference(feed: Self.feed, sequence: sent))
        for service in services.keys { _ = services[service]?.lockStep.receive(.marketData(data)) }
    }

    private var fallback: Symbol { preconditionFailure("BTC_USDT is a symbol") }

    private mutating func deliverBell(_ service: Service) {
        guard var toy = services[service], !toy.bells.isEmpty else { return }
        let bell = toy.bells.removeFirst()
        toy.lockStep.reported(bell.from, bell.report)
        services[service] = toy
    }

    private static func consumed(_ service: Service) -> [CoreModels.Stream] {
        switch service {
        case .core, .writer: []
        case .risk: [.orderResults, .signals]
        case .execution: [.orders]
        }
    }

    private mutating func fetch(_ service: Service) {
        guard var toy = services[service] else { return }
        for stream in Self.consumed(service) {
            for row in ledger[stream] ?? []
            where row.sequence > toy.standing.fetched[stream, default: 0] {
                toy.inbox[stream, default: []].append(row)
                toy.standing.fetched[stream] = row.sequence
            }
        }
        services[service] = toy
    }

    /// One step of a service: a row, or a message, or a commit.
    private mutating func act(_ service: Service) {
        guard var toy = services[service] else { return }
        step(&toy, service)
        services[service] = toy
    }

    private mutating func step(_ toy: inout ToyService, _ service: Service) {
        toy.standing.hasInFlight = !toy.unanswered.isEmpty
        toy.standing.hasUncommitted = toy.uncommitted.contains { $0.0 == .orders }
        for stream in Self.consumed(service) {
            guard let row = toy.inbox[stream]?.first,
                toy.lockStep.mayHandle(
                    stream, sequence: row.sequence, market: row.market, toy.standing)
            else { continue }
            toy.inbox[stream]?.removeFirst()
            toy.standing.offsets[stream] = row.sequence
            handle(row, &toy, service)
            if random.below(2) == 0 { commit(&toy, service) }
            return
        }
        if let item = toy.lockStep.takeMarket(toy.standing) {
            market(item.sequence, &toy, service)
            if random.below(2) == 0 { commit(&toy, service) }
            return
        }
        commit(&toy, service)
    }

    private func reference(_ toy: ToyService) -> MarketReference {
        MarketReference(feed: Self.feed, sequence: toy.lockStep.handled)
    }

    private func market(_ sequence: Int64, _ toy: inout ToyService, _ service: Service) {
        toy.trace.append("m\(sequence)")
        switch service {
        case .core where sequence % 3 == 0:
            toy.uncommitted.append((.signals, reference(toy), "s\(sequence)"))
        case .risk where sequence % 5 == 0:
            order("own\(sequence)", &toy)
        case .execution:
            for waiting in toy.waitingOrders {
                toy.uncommitted.append((.orderResults, nil, waiting))
            }
            toy.waitingOrders = []
        case .core, .risk, .writer: break
        }
    }

    private func order(_ text: String, _ toy: inout ToyService) {
        toy.unanswered.insert(text)
        toy.uncommitted.append((.orders, reference(toy), text))
    }

    private func handle(_ row: Row, _ toy: inout ToyService, _ service: Service) {
        toy.trace.append("\(row.text)@\(toy.lockStep.handled)")
        switch row.stream {
        case .signals: order("o-\(row.text)", &toy)
        case .orderResults:
            toy.unanswered.remove(row.text)
            // One in seven results leads to another order, as a failed flatten does.
            if row.sequence % 7 == 0, row.text.count < 12 { order("r-\(row.text)", &toy) }
        case .orders:
            if row.sequence % 2 == 0 {
                toy.waitingOrders.append(row.text)
            } else {
                toy.uncommitted.append((.orderResults, nil, row.text))
            }
        case .riskDecisions, .account, .alertsCore, .alertsRisk, .alertsExecution, .alertsWriter:
            break
        }
    }

    /// Commits what was emitted, then reports; only what is committed is reported.
    private mutating func commit(_ toy: inout ToyService, _ service: Service) {
        for (stream, market, text) in toy.uncommitted {
            let sequence = Int64(ledger[stream, default: []].count) + 1
            ledger[stream, default: []].append(
                Row(stream: stream, sequence: sequence, market: market, text: text))
            toy.standing.heads[stream] = sequence
        }
        toy.uncommitted = []
        let report = LockStep.Report(
            sequence: toy.lockStep.handled, heads: toy.standing.heads,
            offsets: toy.standing.offsets)
        guard report != toy.lastReport else { return }
        toy.lastReport = report
        for other in services.keys where other != service {
            services[other]?.bells.append((service, report))
        }
    }
}

@Test(
    "what a replay handles, and in which order, does not depend on who is fast", arguments: 1...60)
func lockStepIsDeterministic(seed: Int) {
    var first = ToyStack(seed: 0, length: 40)
    var other = ToyStack(seed: UInt64(seed), length: 40)
    let expected = first.run()
    let traces = other.run()
    #expect(expected[.risk]?.contains("m40") == true, "the reference run came to the end")
    #expect(traces == expected, "seed \(seed)")
    #expect(other.ledger == first.ledger, "seed \(seed)")
}

@Test("a message comes once: again is a duplicate, too early is a gap")
func lockStepReceivesInOrder() throws {
    var lockStep = LockStep(service: .core, feed: "replay-1", handled: 4)
    func item(_ sequence: Int64) -> FeedItem {
        .end(MarketReference(feed: "replay-1", sequence: sequence))
    }
    #expect(lockStep.receive(item(4)) == .duplicate)
    #expect(lockStep.receive(item(6)) == .gap)
    #expect(lockStep.receive(item(5)) == .queued)
    #expect(lockStep.receive(item(5)) == .duplicate)
    #expect(lockStep.receive(item(6)) == .queued)
}

@Test("what is committed belongs to its feed: another feed begins with its own number")
func lockStepCommits() {
    func item(_ feed: String, _ sequence: Int64) -> FeedItem {
        .end(MarketReference(feed: feed, sequence: sequence))
    }
    let standing = LockStep.Standing(
        offsets: [:], fetched: [:], heads: [:], hasInFlight: false, hasUncommitted: false)
    var lockStep = LockStep(service: .core, feed: "replay-1", handled: 4)
    #expect(lockStep.committed == 4)
    #expect(lockStep.receive(item("replay-1", 5)) == .queued)
    #expect(lockStep.takeMarket(standing)?.sequence == 5)
    #expect(lockStep.committed == 4, "handled, and not stored yet")
    lockStep.markCommitted()
    #expect(lockStep.committed == 5)
    lockStep = LockStep(service: .core, feed: "replay-2", handled: 0)
    #expect(lockStep.committed == 0, "nothing of the new feed may be forgotten by the replayer")
}

@Test("a result is stored only after risk has stored the message that led to it")
func resultWaitsForRisk() throws {
    var execution = LockStep(service: .execution, feed: "replay-1", handled: 7)
    #expect(!execution.mayCommitDecisions)
    execution.reported(.risk, LockStep.Report(sequence: 9, committed: 6))
    #expect(!execution.mayCommitDecisions)
    execution.reported(.risk, LockStep.Report(sequence: 9, committed: 7))
    #expect(execution.mayCommitDecisions)
}

@Test("risk stores a message at once when execution holds a result of it back")
func riskCommitsOnDemand() throws {
    var risk = LockStep(service: .risk, feed: "replay-1", handled: 7)
    #expect(!risk.isCommitDemanded)
    risk.reported(.execution, LockStep.Report(sequence: 7, demanded: 8))
    #expect(!risk.isCommitDemanded, "message 8 is not handled yet")
    let item = FeedItem.end(MarketReference(feed: "replay-1", sequence: 8))
    #expect(risk.receive(item) == .queued)
    risk.reported(.core, LockStep.Report(sequence: 7))
    let standing = LockStep.Standing(
        offsets: [:], fetched: [:], heads: [:], hasInFlight: true, hasUncommitted: false)
    #expect(risk.takeMarket(standing) != nil)
    #expect(risk.isCommitDemanded)
    risk.markCommitted()
    #expect(!risk.isCommitDemanded)
}
