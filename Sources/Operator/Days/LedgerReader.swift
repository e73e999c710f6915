import CoreModels
import EventSchema
import Ledger

/// An event as the ledger holds it.
struct LedgeredEvent {
    let event: Event
    let bytes: [UInt8]
}

/// Reads the decision streams in one snapshot of the ledger.
struct LedgerReader {
    private static let pageSize: Int64 = 5_000
    /// A scan of a large ledger takes its time.
    private static let patience: Int64 = 600_000

    let connection: PostgresConnection

    /// - Throws: `SchemaError` or `PostgresError`.
    init(_ connection: PostgresConnection) throws {
        try Migrations.check(connection)
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self.connection = connection
    }

    /// The numbers of a stream's events from `from` to `to`: those above `before`, up to `last`.
    func bounds(
        of stream: Stream, from: Timestamp, to: Timestamp
    ) throws -> (before: Int64, last: Int64) {
        let result = try run(
            Self.bounds(
                .text(stream.rawValue), Self.moment(from), Self.moment(to)))
        let before = result.integer(0, 0)
        return (before, max(before, result.integer(0, 1)))
    }

    /// The events above `first` up to `last`, in order.
    func forEach(
        _ stream: Stream, after first: Int64, through last: Int64,
        _ body: (LedgeredEvent) throws -> Void
    ) throws {
        var reached = first
        while reached < last {
            let result = try run(
                Self.page(
                    .text(stream.rawValue), .integer(reached), .integer(last),
                    .integer(Self.pageSize)))
            guard result.rowCount > 0 else { return }
            for row in 0..<result.rowCount {
                reached = result.integer(row, 0)
                try body(Self.entry(stream, reached, result.bytes(row, 1)))
            }
        }
    }

    func entries(_ stream: Stream, after first: Int64, through last: Int64) throws
        -> [LedgeredEvent]
    {
        var entries: [LedgeredEvent] = []
        try forEach(stream, after: first, through: last) { entries.append($0) }
        return entries
    }

    /// Orders up to `last` that no result below `result` answers.
    func openOrders(through last: Int64, answeredBelow result: Int64) throws -> [LedgeredEvent] {
        let found = try run(Self.open(.integer(last), .integer(result)))
        return try (0..<found.rowCount).map { row in
            try Self.entry(.orders, found.integer(row, 0), found.bytes(row, 1))
        }
    }

    func run(_ call: SQLCall) throws -> PostgresResult {
        try connection.run([call], timeout: Self.patience)[0]
    }

    /// As Postgres holds it.
    static func moment(_ time: Timestamp) -> SQLParameter {
        .integer(min(max(time.milliseconds, 0), 253_402_300_799_999))
    }

    static func entry(
        _ stream: Stream, _ sequence: Int64, _ payload: [UInt8]
    ) throws(CommandFailure) -> LedgeredEvent {
        do throws(EventError) {
            let event = try EventCodec.decode(stream: stream, bytes: payload)
            return LedgeredEvent(event: event, bytes: payload)
        } catch {
            throw .failed(
                "\(stream.id(sequence)) cannot be read: \(error); cdb verify tells what is wrong")
        }
    }

    private static let bounds = SQLStatement(
        "days_bounds",
        """
        SELECT coalesce(min(seq) FILTER (WHERE ts >= t.a) - 1, max(seq), 0)::bigint,
            coalesce(max(seq) FILTER (WHERE ts < t.b), 0)::bigint
        FROM ledger, (SELECT 'epoch'::timestamptz + $2::bigint * interval '1 millisecond' AS a,
            'epoch'::timestamptz + $3::bigint * interval '1 millisecond' AS b) t
        WHERE stream = $1
        """)
    private static let page = SQLStatement(
        "days_page",
        """
        SELECT seq, payload FROM ledger WHERE stream = $1 AND seq > $2::bigint
            AND seq <= $3::bigint ORDER BY seq LIMIT $4::bigint
        """)
    private static let open = SQLStatement(
        "days_open",
        """
        SELECT seq, payload FROM ledger o WHERE stream = 'orders' AND seq <= $1::bigint
            AND NOT EXISTS (SELECT FROM ledger r WHERE r.stream = 'order_results'
                AND r.seq < $2::bigint AND r.payload->>'order_id' = o.payload->>'order_id')
        ORDER BY seq
        """)
}
