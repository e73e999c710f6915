import CoreModels
import WireFormats

/// The statements of the four tables that hold the truth.
enum StoreSQL {
    /// A state is our own and may hold long windows.
    static let stateLimit = 256 << 20

    static let loadState = SQLStatement(
        "state_load", "SELECT key, state FROM service_state WHERE service = $1 ORDER BY key")

    static let loadOffsets = SQLStatement(
        "offset_load", "SELECT stream, seq FROM consumer_offset WHERE consumer = $1")

    static let loadHeads = SQLStatement(
        "ledger_heads",
        """
        SELECT s.stream, l.seq, l.hash
        FROM unnest($1::text[]) AS s(stream) CROSS JOIN LATERAL
            (SELECT seq, hash FROM ledger WHERE stream = s.stream ORDER BY seq DESC LIMIT 1) l
        """)

    static let ordersBacklog = SQLStatement(
        "orders_backlog",
        """
        SELECT coalesce((SELECT max(seq) FROM ledger WHERE stream = 'orders'), 0)
            - coalesce((SELECT seq FROM consumer_offset
                WHERE consumer = 'cdb_execution' AND stream = 'orders'), 0)
        """)

    static let payload = SQLStatement(
        "ledger_payload",
        "SELECT payload FROM ledger WHERE stream = $1 AND seq = $2::bigint")

    /// For this transaction, in a session that else does not wait: what will be published is stored.
    static let waitForDisk = SQLStatement(
        "disk_wait", "SELECT set_config('synchronous_commit', 'on', true)")

    static let writeOffsets = SQLStatement(
        "offset_write",
        """
        INSERT INTO consumer_offset (consumer, stream, seq)
        SELECT $1, stream, seq FROM unnest($2::text[], $3::bigint[]) AS r(stream, seq)
        ON CONFLICT (consumer, stream) DO UPDATE SET seq = excluded.seq
        """)

    private static let writeState = SQLStatement(
        "state_write",
        """
        INSERT INTO service_state (service, key, version, state)
        SELECT $1, key, 1, state FROM unnest($2::text[], $3::json[]) AS r(key, state)
        ON CONFLICT (service, key) DO UPDATE
            SET version = service_state.version + 1, state = excluded.state
        """)

    private static let deleteState = SQLStatement(
        "state_delete", "DELETE FROM service_state WHERE service = $1 AND key = ANY($2::text[])")

    /// The last value of a key counts.
    static func stateCalls(
        _ service: SQLParameter, _ state: [(key: String, value: Value?)]
    ) -> [SQLCall] {
        var last: [String: Int] = [:]
        for (index, entry) in state.enumerated() { last[entry.key] = index }
        var keys = SQLColumn(.text)
        var values = SQLColumn(.json)
        var gone = SQLColumn(.text)
        for (index, entry) in state.enumerated() where last[entry.key] == index {
            guard let value = entry.value else {
                gone.append(entry.key)
                continue
            }
            keys.append(entry.key)
            values.append(JSONWriter.bytes(value))
        }
        var calls: [SQLCall] = []
        if keys.count > 0 { calls.append(writeState(service, .column(keys), .column(values))) }
        if gone.count > 0 { calls.append(deleteState(service, .column(gone))) }
        return calls
    }

    static let divisionByZero = "22012"

    /// Refused (`divisionByZero`) when the ledger does not hold every row byte for byte.
    private static let proof = SQLStatement(
        "ledger_prove",
        """
        SELECT 1 / (count(*) = cardinality($1::text[]))::int
        FROM unnest($1::text[], $2::bigint[], $3::text[]) AS told(stream, seq, payload)
            JOIN ledger l ON l.stream = told.stream AND l.seq = told.seq
                AND l.payload::text = told.payload
        """)

    static func prove(_ rows: [LedgerRow]) -> SQLCall {
        var payloads = SQLColumn(.text)
        for row in rows { payloads.append(row.payload) }
        return proof(
            .column(SQLColumn(rows.map(\.stream))), .column(SQLColumn(rows.map(\.sequence))),
            .column(payloads))
    }

    private static let park = SQLStatement(
        "dead_letter_write",
        """
        INSERT INTO dead_letters (consumer, stream, seq, reason, payload)
        SELECT $1, stream, seq, reason, payload
        FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[])
            AS r(stream, seq, reason, payload)
        ON CONFLICT (consumer, stream, seq) DO NOTHING
        """)

    static func deadLetters(_ consumer: SQLParameter, _ letters: [DeadLetter]) -> SQLCall {
        park(
            consumer, .column(SQLColumn(letters.map(\.stream))),
            .column(SQLColumn(letters.map(\.sequence))),
            .column(SQLColumn(letters.map(\.reason))),
            // Through String: what is no UTF-8 is repaired, the ledger has the bytes.
            .column(SQLColumn(letters.map { String(decoding: $0.payload, as: UTF8.self) })))
    }
}
