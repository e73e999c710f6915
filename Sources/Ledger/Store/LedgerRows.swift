import CoreModels

/// Rows of the ledger on their way in, as columns.
struct LedgerRows {
    private var stream = SQLColumn(.text)
    private var sequence = SQLColumn(.integer)
    private var time = SQLColumn(.time)
    private var cause = SQLColumn(.text)
    private var trace = SQLColumn(.text)
    private var payload: SQLColumn
    private var previous = SQLColumn(.bytes)
    private var hash = SQLColumn(.bytes)

    /// `payloadBytes`: of all payloads to come.
    init(payloadBytes: Int) { payload = SQLColumn(.json, reserving: payloadBytes) }

    mutating func append(_ entry: LedgerEntry, previous: [UInt8], hash: [UInt8]) {
        stream.append(entry.stream.rawValue)
        sequence.append(entry.envelope.sequence)
        time.append(entry.timestamp)
        cause.append(entry.envelope.cause)
        trace.append(entry.envelope.trace)
        payload.append(entry.payload)
        self.previous.append(previous)
        self.hash.append(hash)
    }

    var call: SQLCall {
        Self.insert(
            .column(stream), .column(sequence), .column(time), .column(cause), .column(trace),
            .column(payload), .column(previous), .column(hash))
    }

    private static let insert = SQLStatement(
        "ledger_append",
        """
        INSERT INTO ledger (stream, seq, ts, cause, trace, payload, prev_hash, hash)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[],
            $6::json[], $7::bytea[], $8::bytea[])
        """)
}
