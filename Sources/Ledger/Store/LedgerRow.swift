/// A stored event, not decoded yet.
public struct LedgerRow: Equatable, Sendable {
    public var stream: String
    public var sequence: Int64
    public var payload: [UInt8]

    public init(stream: String, sequence: Int64, payload: [UInt8]) {
        self.stream = stream
        self.sequence = sequence
        self.payload = payload
    }
}

extension LedgerRow {
    /// What lies above the offsets, stream by stream in the order asked.
    ///
    /// - Throws: `PostgresError`, or `LedgerError.hole`.
    static func fetch(
        _ connection: PostgresConnection, after offsets: [(stream: String, sequence: Int64)],
        limit: Int
    ) throws -> [LedgerRow] {
        let result = try connection.run(
            question(
                .column(SQLColumn(offsets.map(\.stream))),
                .column(SQLColumn(offsets.map(\.sequence))), .integer(Int64(limit))))
        var rows: [LedgerRow] = []
        rows.reserveCapacity(result.rowCount)
        var rank: Int64 = 0
        var expected: Int64 = 0
        for row in 0..<result.rowCount {
            let rowRank = result.integer(row, 0)
            let sequence = result.integer(row, 1)
            let stream = offsets[Int(rowRank) - 1]
            if rowRank != rank { (rank, expected) = (rowRank, stream.sequence + 1) }
            guard sequence == expected else {
                throw LedgerError.hole(stream: stream.stream, expected: expected, found: sequence)
            }
            expected += 1
            rows.append(
                LedgerRow(
                    stream: stream.stream, sequence: sequence, payload: result.bytes(row, 2)))
        }
        return rows
    }

    private static let question = SQLStatement(
        "ledger_fetch",
        """
        SELECT s.rank, l.seq, l.payload
        FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS s(stream, after, rank)
            CROSS JOIN LATERAL (SELECT seq, payload FROM ledger
                WHERE stream = s.stream AND seq > s.after ORDER BY seq LIMIT $3::bigint) l
        ORDER BY 1, 2
        """)
}
