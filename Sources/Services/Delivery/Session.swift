import CoreModels
import EventSchema
import Ledger

/// What a service holds while its Postgres session lives; all of it is gone with the session.
struct Session {
    /// A row of the ledger on its way to the core.
    struct Inbound {
        let row: LedgerRow
        let event: Result<Event, EventError>
    }

    let store: LedgerStore
    /// Where the service stands: offsets handled, rows fetched, own heads committed.
    var standing: LockStep.Standing
    /// The last fetch took all that the ledger had.
    private(set) var isComplete = true
    /// Last handled message per replayed feed, as loaded.
    let marketOffsets: [String: Int64]
    private var inbox: [Stream: Queue<Inbound>] = [:]
    /// Rows handled as the bus told them, to be proved by the next commit.
    private var unproven: [LedgerRow] = []

    init(_ store: LedgerStore, _ loaded: LedgerStore.Loaded) {
        self.store = store
        var offsets: [Stream: Int64] = [:]
        var marketOffsets: [String: Int64] = [:]
        for (name, sequence) in loaded.offsets {
            if let stream = Stream(rawValue: name) {
                offsets[stream] = sequence
            } else if name.hasPrefix("market:") {
                marketOffsets[String(name.dropFirst("market:".count))] = sequence
            }
        }
        self.marketOffsets = marketOffsets
        standing = LockStep.Standing(
            offsets: offsets, fetched: offsets, heads: loaded.heads.mapValues(\.sequence),
            hasInFlight: false, hasUncommitted: false)
    }

    /// Reads what lies above what was read; true when there may be more.
    mutating func fetch(_ streams: [Stream], limit: Int) throws -> Bool {
        let rows = try store.fetch(
            after: streams.map { ($0.rawValue, standing.fetched[$0, default: 0]) }, limit: limit)
        var counts: [Stream: Int] = [:]
        for row in rows {
            guard let stream = Stream(rawValue: row.stream) else { continue }
            let event = Result { () throws(EventError) in
                try EventCodec.decode(stream: stream, bytes: row.payload)
            }
            inbox[stream, default: Queue()].append(Inbound(row: row, event: event))
            standing.fetched[stream] = row.sequence
            counts[stream, default: 0] += 1
        }
        isComplete = counts.values.allSatisfy { $0 < limit }
        return !isComplete
    }

    /// Takes the next row of a stream from the bus instead of the ledger; false when it is not the
    /// next, cannot be read, or enough of them wait: then the ledger is asked.
    mutating func take(_ stream: Stream, _ sequence: Int64, _ payload: [UInt8]) -> Bool {
        guard sequence == standing.fetched[stream, default: 0] + 1,
            unproven.count < Self.unprovenLimit
        else { return false }
        let event = Result { () throws(EventError) in
            try EventCodec.decode(stream: stream, bytes: payload)
        }
        guard case .success = event else { return false }
        let row = LedgerRow(stream: stream.rawValue, sequence: sequence, payload: payload)
        inbox[stream, default: Queue()].append(Inbound(row: row, event: event))
        standing.fetched[stream] = sequence
        unproven.append(row)
        return true
    }

    /// What the next commit has to prove; then none.
    mutating func takeUnproven() -> [LedgerRow] {
        defer { unproven.removeAll(keepingCapacity: true) }
        return unproven
    }

    /// More at once are a burst, where one question for all is cheaper than proofs.
    static let unprovenLimit = 8

    /// The next row of a stream that was fetched and not handled.
    func first(_ stream: Stream) -> Inbound? { inbox[stream]?.first }

    /// The first row of a stream was handled.
    mutating func pop(_ stream: Stream) {
        guard let inbound = inbox[stream]?.popFirst() else { return }
        standing.offsets[stream] = inbound.row.sequence
    }

    /// The messages of the market that led to the rows in hand.
    func market(of stream: Stream) -> [MarketReference] {
        var references: [MarketReference] = []
        inbox[stream]?.forEach { inbound in
            if let reference = inbound.market { references.append(reference) }
        }
        return references
    }
}

extension Session.Inbound {
    var market: MarketReference? {
        guard case .success(let event) = event else { return nil }
        switch event {
        case .signal(let signal): return signal.market
        case .order(let order): return order.market
        case .riskDecision, .orderResult, .account, .alert: return nil
        }
    }
}
