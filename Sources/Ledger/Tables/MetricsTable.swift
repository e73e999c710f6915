public import CoreModels
import WireFormats

/// One row per metric and minute. Operational, not from the ledger.
public struct MetricsTable: Sendable {
    private struct Key: Hashable {
        var name: String
        var labels: [UInt8]
        var minute: Timestamp
    }

    private var places: [Key: Int] = [:]
    private var rows: [(key: Key, value: Double, timestamp: Timestamp)] = []

    public init() {}

    /// - Parameter labels: in the order of their names.
    public mutating func append(
        name: String, labels: [Value.Member], value: Double, timestamp: Timestamp
    ) {
        let key = Key(
            name: name, labels: JSONWriter.bytes(.object(labels)),
            minute: timestamp.startOfMinute)
        if let place = places[key] {
            rows[place] = (key, value, timestamp)
        } else {
            places[key] = rows.count
            rows.append((key, value, timestamp))
        }
    }

    /// For `CommitBatch.calls`; nil without rows.
    public var call: SQLCall? {
        guard !rows.isEmpty else { return nil }
        var labels = SQLColumn(.json)
        var minute = SQLColumn(.time)
        var value = SQLColumn(.double)
        var timestamp = SQLColumn(.time)
        for row in rows {
            labels.append(row.key.labels)
            minute.append(row.key.minute)
            value.append(row.value)
            timestamp.append(row.timestamp)
        }
        return Self.upsert(
            .column(SQLColumn(rows.map(\.key.name))), .column(labels), .column(minute),
            .column(value), .column(timestamp))
    }

    private static let upsert = SQLStatement(
        "metrics_upsert",
        """
        INSERT INTO metrics (name, labels, minute, value, timestamp)
        SELECT name, labels::jsonb, minute, value, timestamp
        FROM unnest($1::text[], $2::json[], $3::timestamptz[], $4::float8[], $5::timestamptz[])
            AS r(name, labels, minute, value, timestamp)
        ON CONFLICT (name, labels, minute) DO UPDATE SET
            value = excluded.value, timestamp = excluded.timestamp
        """)
}
