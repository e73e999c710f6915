public import CoreModels
import WireFormats

/// A service's session with the ledger: lock, reads and commits go through this one session, so
/// that who lost the lock cannot write (docs/DELIVERY.md). Belongs to one thread. After any error
/// that is not a refused statement: discard the store, make a new one, take the locks, load.
public final class LedgerStore {
    public let service: Service
    /// The streams this service numbers.
    public let streams: [Stream]
    private let connection: PostgresConnection
    private let digest = SHA256Digest()
    /// The last committed event per owned stream, in the order of `streams`.
    private var heads: [StreamHead]
    private var isOwner = false

    public var isOpen: Bool { connection.isOpen }

    /// What cdb_writer stores follows from the ledger, and rows and offsets are lost together: it
    /// does not wait for the disk, nor do others wait behind it (ADR 0015).
    private var isDerived: Bool { service == .writer }

    /// Connects and checks the schema.
    ///
    /// - Throws: `PostgresError` or `SchemaError`.
    public init(_ settings: PostgresSettings, service: Service) throws {
        self.service = service
        streams = Stream.allCases.filter { $0.owner == service }
        heads = streams.map { _ in .none }
        connection = try PostgresConnection(settings)
        try Migrations.check(connection)
        // Every question of a service goes by key. A plan made while a table was still empty would
        // scan or sort all of it once it is full. And every question is asked again and again: it is
        // planned once, and never compiled.
        try connection.execute(
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off;"
                + " SET plan_cache_mode = force_generic_plan")
        // The server gives up before we do (`answerTimeout`), so that what hangs has not happened.
        try connection.execute("SET statement_timeout = 9000")
        if isDerived { try connection.execute("SET synchronous_commit = off") }
    }

    /// Ends the session and with it the ownership.
    public func close() { connection.close() }

    /// Becomes the owner of the service's streams, or tells who is. From then on the session has
    /// only the service's own rights.
    public func acquireLocks() throws(PostgresError) -> AdvisoryLock.Outcome {
        let outcome = try AdvisoryLock.take(streams, connection)
        if case .owned = outcome, !isOwner {
            try connection.execute("SET ROLE \(service.rawValue)")
            isOwner = true
        }
        return outcome
    }

    // MARK: Loading

    /// What a service knew at its last commit.
    public struct Loaded: Sendable {
        /// Sorted by key; without the heads of the streams.
        public var state: [(key: String, value: Value)]
        /// The last input handled per stream.
        public var offsets: [String: Int64]
        /// The last event of each owned stream.
        public var heads: [Stream: StreamHead]
    }

    /// - Throws: `PostgresError`; `LedgerError` when the ledger's top is not the remembered one.
    public func load() throws -> Loaded {
        let name = SQLParameter.text(service.rawValue)
        let results = try connection.run([
            StoreSQL.loadState(name), StoreSQL.loadOffsets(name),
            StoreSQL.loadHeads(.column(SQLColumn(streams.map(\.rawValue)))),
        ])
        var loaded = Loaded(state: [], offsets: [:], heads: [:])
        var remembered: [String: StreamHead] = [:]
        for row in 0..<results[0].rowCount {
            let key = results[0].text(row, 0)
            let value = try value(results[0].bytes(row, 1), key: key)
            if key.hasPrefix(StreamHead.keyPrefix) {
                remembered[key] = StreamHead(value)
            } else {
                loaded.state.append((key, value))
            }
        }
        for row in 0..<results[1].rowCount {
            loaded.offsets[results[1].text(row, 0)] = results[1].integer(row, 1)
        }
        for (index, stream) in streams.enumerated() {
            let head = remembered[StreamHead.key(stream)] ?? .none
            try compare(head, results[2], stream)
            heads[index] = head
            loaded.heads[stream] = head
        }
        return loaded
    }

    private func value(_ bytes: [UInt8], key: String) throws(LedgerError) -> Value {
        do {
            return try JSONDocument.parse(bytes, limit: StoreSQL.stateLimit)
        } catch {
            throw .unreadableState(service: service.rawValue, key: key, reason: "\(error)")
        }
    }

    private func compare(
        _ head: StreamHead, _ tops: PostgresResult, _ stream: Stream
    ) throws(LedgerError) {
        let row = (0..<tops.rowCount).first { tops.text($0, 0) == stream.rawValue }
        let found = row.map { tops.integer($0, 1) } ?? 0
        guard found == head.sequence else {
            throw .top(stream: stream.rawValue, remembered: head.sequence, found: found)
        }
        if let row, tops.bytes(row, 2) != head.hash {
            throw .forgedTop(stream: stream.rawValue, sequence: found)
        }
    }

    // MARK: Reading

    /// What lies above the offsets, at most `limit` rows per stream: streams in the order asked,
    /// each contiguous. One question, one snapshot.
    ///
    /// - Throws: `PostgresError`, or `LedgerError.hole`.
    public func fetch(
        after offsets: [(stream: String, sequence: Int64)], limit: Int
    ) throws -> [LedgerRow] {
        try LedgerRow.fetch(connection, after: offsets, limit: limit)
    }

    /// The last number of each stream in the ledger, 0 for an empty one.
    public func heads(of streams: [Stream]) throws(PostgresError) -> [Stream: Int64] {
        let result = try connection.run(
            StoreSQL.loadHeads(.column(SQLColumn(streams.map(\.rawValue)))))
        var heads: [Stream: Int64] = [:]
        for stream in streams { heads[stream] = 0 }
        for row in 0..<result.rowCount {
            if let stream = Stream(rawValue: result.text(row, 0)) {
                heads[stream] = result.integer(row, 1)
            }
        }
        return heads
    }

    /// Committed orders that cdb_execution has not handled yet.
    public func ordersBacklog() throws(PostgresError) -> Int {
        let result = try connection.run(StoreSQL.ordersBacklog())
        return Int(result.integer(0, 0))
    }

    /// Whether a message is an event of the ledger, byte for byte.
    public func holds(
        _ stream: Stream, sequence: Int64, _ payload: [UInt8]
    ) throws(PostgresError) -> Bool {
        let result = try connection.run(
            StoreSQL.payload(.text(stream.rawValue), .integer(sequence)))
        return result.rowCount == 1 && result.bytes(0, 0) == payload
    }

    /// How far everybody has come, in one snapshot.
    public func progress(feed: String) throws(PostgresError) -> ProgressSnapshot {
        try ProgressSnapshot.read(connection, feed: feed)
    }

    // MARK: Committing

    /// Stores a batch: everything or nothing.
    ///
    /// - Throws: `sqlState` when nothing was stored and the session lives; after any other error
    ///   the session is over, and what was stored is found out by loading again.
    public func commit(_ batch: CommitBatch) throws(PostgresError) {
        precondition(isOwner, "only the owner of its streams commits")
        guard !batch.isEmpty else { return }
        var next = heads
        let calls = calls(of: batch, advancing: &next)
        do {
            try connection.run(calls)
        } catch {
            switch error {
            case .connectionLost(let text): throw .unknownOutcome(text)
            case .ownershipLost:
                close()
                throw error
            case .refused, .authentication, .unknownOutcome, .sqlState: throw error
            }
        }
        heads = next
    }

    private func calls(
        of batch: CommitBatch, advancing heads: inout [StreamHead]
    ) -> [SQLCall] {
        let name = SQLParameter.text(service.rawValue)
        var calls: [SQLCall] = []
        var state = batch.state
        if !batch.events.isEmpty {
            if isDerived { calls.append(StoreSQL.waitForDisk()) }
            let before = heads
            calls.append(append(batch.events, advancing: &heads))
            for (index, stream) in streams.enumerated() where heads[index] != before[index] {
                state.append((StreamHead.key(stream), heads[index].value))
            }
        }
        if !batch.offsets.isEmpty {
            calls.append(
                StoreSQL.writeOffsets(
                    name, .column(SQLColumn(batch.offsets.map(\.stream))),
                    .column(SQLColumn(batch.offsets.map(\.sequence)))))
        }
        calls += StoreSQL.stateCalls(name, state)
        if !batch.deadLetters.isEmpty {
            calls.append(StoreSQL.deadLetters(name, batch.deadLetters))
        }
        if !batch.unproven.isEmpty { calls.append(StoreSQL.prove(batch.unproven)) }
        return calls + batch.calls
    }

    private func append(
        _ events: [LedgerEntry], advancing heads: inout [StreamHead]
    ) -> SQLCall {
        // Each is preceded by its length.
        var rows = LedgerRows(payloadBytes: events.reduce(0) { $0 + $1.payload.count + 4 })
        for event in events {
            guard let index = streams.firstIndex(of: event.stream) else {
                preconditionFailure("\(service.rawValue) does not own \(event.stream.rawValue)")
            }
            let head = heads[index].next(event.stream, event.payload, digest)
            precondition(
                head.sequence == event.envelope.sequence,
                "events of \(event.stream.rawValue) must be numbered without a gap")
            rows.append(event, previous: heads[index].hash, hash: head.hash)
            heads[index] = head
        }
        return rows.call
    }
}
