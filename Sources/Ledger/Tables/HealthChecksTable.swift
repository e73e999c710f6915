public import CoreModels
import WireFormats

/// One row per service and minute: the last that was said in it. Operational, not from the ledger.
public struct HealthChecksTable: Sendable {
    private struct Key: Hashable {
        var service: String
        var minute: Timestamp
    }

    private var places: [Key: Int] = [:]
    private var rows: [(key: Key, status: String, detail: Value, timestamp: Timestamp)] = []

    public init() {}

    /// - Parameters:
    ///   - status: `ok`, `degraded` or `error`.
    ///   - detail: an object.
    public mutating func append(
        service: String, status: String, detail: Value, timestamp: Timestamp
    ) {
        let key = Key(service: service, minute: timestamp.startOfMinute)
        if let place = places[key] {
            rows[place] = (key, status, detail, timestamp)
        } else {
            places[key] = rows.count
            rows.append((key, status, detail, timestamp))
        }
    }

    /// For `CommitBatch.calls`; nil without rows.
    public var call: SQLCall? {
        guard !rows.isEmpty else { return nil }
        var minute = SQLColumn(.time)
        var detail = SQLColumn(.json)
        var timestamp = SQLColumn(.time)
        for row in rows {
            minute.append(row.key.minute)
            detail.append(JSONWriter.bytes(row.detail))
            timestamp.append(row.timestamp)
        }
        return Self.upsert(
            .column(SQLColumn(rows.map(\.key.service))), .column(minute),
            .column(SQLColumn(rows.map(\.status))), .column(detail), .column(timestamp))
    }

    private static let upsert = SQLStatement(
        "health_checks_upsert",
        """
        INSERT INTO health_checks (service, minute, status, detail, timestamp)
        SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::json[],
            $5::timestamptz[])
        ON CONFLICT (service, minute) DO UPDATE SET
            status = excluded.status, detail = excluded.detail, timestamp = excluded.timestamp
        """)
}

extension Timestamp {
    /// The whole minute this moment lies in.
    var startOfMinute: Timestamp {
        let rest = milliseconds % 60_000
        return Timestamp(milliseconds: milliseconds - (rest < 0 ? rest + 60_000 : rest))
    }
}
