import CoreModels
import DecisionCores
import WireFormats

/// One row per decision that rejected or trimmed, and per alert of cdb_risk.
struct RiskEventsTable {
    private var id = SQLColumn(.text)
    private var severity = SQLColumn(.text)
    private var code = SQLColumn(.text)
    private var layer = SQLColumn(.integer)
    private var symbol = SQLColumn(.text)
    private var signalID = SQLColumn(.text)
    private var blockedOrder = SQLColumn(.flag)
    private var description = SQLColumn(.text)
    private var checks = SQLColumn(.json)
    private var timestamp = SQLColumn(.time)

    mutating func append(_ row: RiskEventRow) {
        id.append(row.id)
        severity.append(row.severity.rawValue)
        code.append(row.code)
        if let number = row.layer { layer.append(Int64(number)) } else { layer.appendNull() }
        symbol.append(row.symbol?.description)
        signalID.append(row.signalID)
        blockedOrder.append(row.blockedOrder)
        description.append(row.description)
        checks.append(JSONWriter.bytes(row.checks))
        timestamp.append(row.timestamp)
    }

    var call: SQLCall? {
        guard id.count > 0 else { return nil }
        return Self.insert(
            .column(id), .column(severity), .column(code), .column(layer), .column(symbol),
            .column(signalID), .column(blockedOrder), .column(description), .column(checks),
            .column(timestamp))
    }

    private static let insert = SQLStatement(
        "risk_events_insert",
        """
        INSERT INTO risk_events (event_id, severity, code, layer, symbol, signal_id,
            blocked_order, description, checks, timestamp)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[],
            $6::text[], $7::boolean[], $8::text[], $9::json[], $10::timestamptz[])
        ON CONFLICT DO NOTHING
        """)
}
