import CoreModels
import EventSchema

/// A stored event with its link in the chain.
struct ChainedRow {
    var stream: Stream
    var sequence: Int64
    var payload: [UInt8]
    var previousHash: [UInt8]
    var hash: [UInt8]
    var cause: String?
    var trace: String?
    /// Milliseconds since 1970.
    var time: Int64

    /// The event, or why it cannot be read.
    var event: Result<Event, EventError> {
        do throws(EventError) {
            return .success(try EventCodec.decode(stream: stream, bytes: payload))
        } catch {
            return .failure(error)
        }
    }
}

/// Reads the whole ledger in bounded memory: round by round the next page of every stream.
struct LedgerPages {
    static let pageSize: Int64 = 5_000

    private(set) var reached: [Stream: Int64] = [:]

    /// The next page of a stream; empty at its end. Holes are the caller's to find.
    mutating func next(
        _ stream: Stream, _ connection: PostgresConnection
    ) throws(PostgresError) -> [ChainedRow] {
        let result = try connection.run(
            Self.page(
                .text(stream.rawValue), .integer(reached[stream] ?? 0), .integer(Self.pageSize)))
        let rows = (0..<result.rowCount).map { row in
            ChainedRow(
                stream: stream, sequence: result.integer(row, 0), payload: result.bytes(row, 1),
                previousHash: result.bytes(row, 2), hash: result.bytes(row, 3),
                cause: result.isNull(row, 4) ? nil : result.text(row, 4),
                trace: result.isNull(row, 5) ? nil : result.text(row, 5),
                time: result.integer(row, 6))
        }
        if let last = rows.last { reached[stream] = last.sequence }
        return rows
    }

    private static let page = SQLStatement(
        "proof_page",
        """
        SELECT seq, payload, prev_hash, hash, cause, trace,
            (extract(epoch FROM ts) * 1000)::bigint
        FROM ledger WHERE stream = $1 AND seq > $2::bigint ORDER BY seq LIMIT $3::bigint
        """)
}
