import CoreModels
import DecisionCores
import EventSchema
import WireFormats

/// `cdb verify`: proves the ledger from its rows, in one snapshot and in bounded memory, and stops
/// at the first violation. The writer's work is done again into temporary tables that shadow the read
/// tables, and both are compared.
public struct LedgerVerification {
    private let connection: PostgresConnection
    private let digest = SHA256Digest()
    private var heads: [Stream: StreamHead] = [:]
    /// The writer's and risk's offsets, as the snapshot shows them.
    private var writerOffsets: [String: Int64] = [:]
    private var decisions = Pairing()
    private var results = Pairing()
    private var cash = CashProof()
    private var replay = WriterReplay()
    private var report = VerificationReport()

    /// - Parameters:
    ///   - connection: of a user who may read everything and make temporary tables.
    ///   - progress: is told the events read so far.
    /// - Throws: `SchemaError` or `PostgresError`; a violation is in the report.
    public static func run(
        _ connection: PostgresConnection, progress: (Int64) -> Void = { _ in }
    ) throws -> VerificationReport {
        try Migrations.check(connection)
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        var verification = LedgerVerification(connection)
        do {
            try verification.verify(progress)
        } catch let violation as LedgerViolation {
            verification.report.violation = violation
        } catch {
            if connection.isOpen { try connection.execute("ROLLBACK") }
            throw error
        }
        try connection.execute("ROLLBACK")
        return verification.counted()
    }

    private init(_ connection: PostgresConnection) { self.connection = connection }

    private mutating func verify(_ progress: (Int64) -> Void) throws {
        try refuseUnknownStreams()
        writerOffsets = try offsets(of: .writer)
        // First of all: what a missing top has as a consequence elsewhere names the wrong row.
        for stream in Stream.allCases { try compareLength(of: stream) }
        for table in ReadTables.rebuilt {
            try connection.execute(
                "CREATE TEMP TABLE \(table.name) (LIKE public.\(table.name) INCLUDING DEFAULTS"
                    + " INCLUDING INDEXES) ON COMMIT DROP")
        }
        var pages = LedgerPages()
        var isComplete = false
        var count: Int64 = 0
        while !isComplete {
            isComplete = true
            for stream in Stream.allCases {
                let page = try pages.next(stream, connection)
                for row in page { try take(row) }
                count += Int64(page.count)
                if !page.isEmpty { isComplete = false }
            }
            try cash.compare(isComplete: isComplete)
            try replay.write(connection, isComplete: isComplete)
            progress(count)
        }
        for stream in Stream.allCases { try compareTop(of: stream) }
        try comparePairs()
        for table in ReadTables.rebuilt { try compareTable(table.name, key: table.key) }
    }

    private func counted() -> VerificationReport {
        var report = report
        report.events = Stream.allCases.map { ($0, heads[$0]?.sequence ?? 0) }
        report.unwritten = report.events.reduce(0) { sum, entry in
            sum + max(0, entry.count - (writerOffsets[entry.stream.rawValue] ?? 0))
        }
        report.decidedSignals = decisions.pairs
        report.undecidedSignals = decisions.unpaired
        report.finishedOrders = results.pairs
        report.ordersInFlight = results.unpaired
        report.comparedAccounts = cash.compared
        return report
    }

    // MARK: Rows

    private mutating func take(_ row: ChainedRow) throws {
        try link(row)
        let isWritten = row.sequence <= writerOffsets[row.stream.rawValue] ?? 0
        switch row.event {
        case .success(let event):
            try compareColumns(row, event)
            try count(event)
            if isWritten { replay.take(event) }
        case .failure(let error):
            report.parked += 1
            excuse(row)
            guard isWritten else { return }
            replay.parked(row.stream, row.sequence)
            try requireParked(row, error.description)
        }
    }

    /// The row is the next of its stream, and its hash is that of its content.
    private mutating func link(_ row: ChainedRow) throws(LedgerViolation) {
        let stream = row.stream
        let head = heads[stream] ?? .none
        guard row.sequence == head.sequence + 1 else {
            throw LedgerViolation(
                .gap, stream.rawValue, head.sequence + 1,
                "is missing, the next one there is seq \(row.sequence)")
        }
        guard row.previousHash == head.hash else {
            throw LedgerViolation(
                .hash, stream.rawValue, row.sequence,
                "prev_hash is not the hash of the row before")
        }
        let next = head.next(stream, row.payload, digest)
        guard next.hash == row.hash else {
            throw LedgerViolation(
                .hash, stream.rawValue, row.sequence, "the content is not what its hash says")
        }
        heads[stream] = next
    }

    /// Columns beside the payload are not under the hash: they repeat what is in it.
    private func compareColumns(_ row: ChainedRow, _ event: Event) throws(LedgerViolation) {
        let envelope = event.envelope
        let columns: [(name: String, isEqual: Bool)] = [
            ("seq", envelope.sequence == row.sequence), ("cause", envelope.cause == row.cause),
            ("trace", envelope.trace == row.trace),
            ("ts", SQLColumn.held(event.timestamp).milliseconds == row.time),
        ]
        for column in columns where !column.isEqual {
            throw LedgerViolation(
                .column, row.stream.rawValue, row.sequence,
                "the column \(column.name) is not what the payload says")
        }
    }

    private mutating func count(_ event: Event) throws(LedgerViolation) {
        let sequence = event.envelope.sequence
        switch event {
        case .signal: decisions.opened(sequence)
        case .riskDecision(let decision):
            guard let signal = decision.signalID.flatMap({ EventID($0) }) else { return }
            guard decisions.closed(signal.sequence) else {
                throw LedgerViolation(
                    .decision, Stream.riskDecisions.rawValue, sequence,
                    "decides signals-\(signal.sequence) a second time")
            }
        case .order: results.opened(sequence)
        case .orderResult(let result):
            cash.take(result)
            guard let order = EventID(result.envelope.cause ?? result.orderID),
                order.stream == Stream.orders.rawValue
            else { return }
            guard results.closed(order.sequence) else {
                throw LedgerViolation(
                    .result, Stream.orderResults.rawValue, sequence,
                    "is a second result of orders-\(order.sequence)")
            }
        case .account(let account): cash.take(account)
        case .alert: break
        }
    }

    private mutating func excuse(_ row: ChainedRow) {
        switch row.stream {
        case .signals: decisions.excuse(row.sequence)
        case .orders: results.excuse(row.sequence)
        case .orderResults: cash.skip(row.sequence)
        case .riskDecisions, .account, .alertsCore, .alertsRisk, .alertsExecution, .alertsWriter:
            break
        }
    }

    // MARK: The whole

    private func refuseUnknownStreams() throws {
        let known = SQLColumn(Stream.allCases.map(\.rawValue))
        let result = try connection.run([Self.strangers(.column(known))], timeout: 60_000)[0]
        guard result.rowCount > 0 else { return }
        throw LedgerViolation(
            .unknownStream, result.text(0, 0), result.integer(0, 1), "no service owns this stream")
    }

    private func offsets(of service: Service) throws(PostgresError) -> [String: Int64] {
        let result = try connection.run(StoreSQL.loadOffsets(.text(service.rawValue)))
        var offsets: [String: Int64] = [:]
        for row in 0..<result.rowCount { offsets[result.text(row, 0)] = result.integer(row, 1) }
        return offsets
    }

    private func requireParked(_ row: ChainedRow, _ reason: String) throws {
        let result = try connection.run(
            Self.isParked(.text(row.stream.rawValue), .integer(row.sequence)))
        guard result.flag(0, 0) else {
            throw LedgerViolation(
                .unreadable, row.stream.rawValue, row.sequence,
                "cannot be read (\(reason)) and is not in dead_letters")
        }
    }

    private func compareLength(of stream: Stream) throws {
        let result = try connection.run(Self.last(.text(stream.rawValue)))
        _ = try rememberedTop(of: stream, endingAt: result.integer(0, 0))
    }

    private func compareTop(of stream: Stream) throws {
        let head = heads[stream] ?? .none
        guard try rememberedTop(of: stream, endingAt: head.sequence).hash == head.hash else {
            throw LedgerViolation(
                .top, stream.rawValue, head.sequence,
                "the hash of the last row is not the one its owner remembers")
        }
    }

    /// What the owner remembers as its last event, which must be the one with this number.
    private func rememberedTop(of stream: Stream, endingAt sequence: Int64) throws -> StreamHead {
        let result = try connection.run(
            Self.remembered(.text(stream.owner.rawValue), .text(StreamHead.key(stream))))
        var remembered: StreamHead? = StreamHead.none
        if result.rowCount > 0 {
            remembered = StreamHead(try JSONDocument.parse(result.bytes(0, 0)))
        }
        guard let remembered, remembered.sequence == sequence else {
            let last = remembered.map { "seq \($0.sequence)" } ?? "something unreadable"
            throw LedgerViolation(
                .top, stream.rawValue, max(sequence, remembered?.sequence ?? 0),
                "the ledger ends at seq \(sequence), the owner remembers \(last)")
        }
        return remembered
    }

    private func comparePairs() throws {
        let handled = try offsets(of: .risk)[Stream.signals.rawValue] ?? 0
        if let number = decisions.firstUnpaired(upTo: handled) {
            throw LedgerViolation(
                .decision, Stream.signals.rawValue, number,
                "was handled by cdb_risk (offset \(handled)) but has no decision")
        }
        if let number = decisions.stranger {
            throw LedgerViolation(
                .decision, Stream.signals.rawValue, number, "has a decision but does not exist")
        }
        if let number = results.stranger {
            throw LedgerViolation(
                .result, Stream.orders.rawValue, number, "has a result but does not exist")
        }
    }

    private func compareTable(_ table: String, key: String) throws {
        let difference = SQLStatement(
            "proof_\(table)",
            """
            SELECT coalesce(e.\(key), a.\(key)), e.\(key) IS NULL, a.\(key) IS NULL
            FROM pg_temp.\(table) e FULL JOIN public.\(table) a ON e.\(key) = a.\(key)
            WHERE e::text IS DISTINCT FROM a::text
            ORDER BY length(coalesce(e.\(key), a.\(key))), 1 LIMIT 1
            """)
        let result = try connection.run([difference()], timeout: 600_000)[0]
        guard result.rowCount > 0 else { return }
        let id = result.text(0, 0)
        let fault =
            result.flag(0, 1)
            ? "is there but does not follow from the ledger"
            : result.flag(0, 2) ? "is missing" : "is not what the ledger says"
        let event = EventID(id)
        throw LedgerViolation(
            .readTable, event?.stream ?? table, event?.sequence ?? 0,
            "row \(id) of the read table \(table) \(fault)")
    }

    private static let strangers = SQLStatement(
        "proof_strangers",
        "SELECT stream, seq FROM ledger WHERE stream <> ALL($1::text[]) ORDER BY 1, 2 LIMIT 1")
    private static let isParked = SQLStatement(
        "proof_parked",
        """
        SELECT EXISTS (SELECT FROM dead_letters
            WHERE consumer = 'cdb_writer' AND stream = $1 AND seq = $2::bigint)
        """)
    private static let last = SQLStatement(
        "verify_last",
        "SELECT coalesce(max(seq), 0)::bigint FROM ledger WHERE stream = $1")
    private static let remembered = SQLStatement(
        "proof_top", "SELECT state FROM service_state WHERE service = $1 AND key = $2")
}
