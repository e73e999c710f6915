import CoreModels
import WireFormats

/// One row per alert of any service.
struct AlertsTable {
    private var id = SQLColumn(.text)
    private var level = SQLColumn(.text)
    private var code = SQLColumn(.text)
    private var message = SQLColumn(.text)
    private var context = SQLColumn(.json)
    private var source = SQLColumn(.text)
    private var timestamp = SQLColumn(.time)

    mutating func append(_ alert: Alert) {
        id.append(alert.envelope.id)
        level.append(alert.level.rawValue)
        code.append(alert.code)
        message.append(alert.message)
        context.append(JSONWriter.bytes(alert.context))
        source.append(alert.source.rawValue)
        timestamp.append(alert.timestamp)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.insert(
            .column(id), .column(level), .column(code), .column(message), .column(context),
            .column(source), .column(timestamp))
    }

    private static let insert = SQLStatement(
        "alerts_insert",
        """
        INSERT INTO alerts (alert_id, level, code, message, context, source, timestamp)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[],
            $6::text[], $7::timestamptz[])
        ON CONFLICT DO NOTHING
        """)
}
