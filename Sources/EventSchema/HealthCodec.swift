import CoreModels
import WireFormats

/// `health`: docs/EVENT_SCHEMA.json. Mandatory: service and status.
public enum HealthCodec: RecordCodec {
    enum Field: String, CaseIterable {
        case type, v, service, status, version
        case uptime = "uptime_s"
        case detail, timestamp
    }
    private static let fields = FieldTable(Field.self)

    public static func encode(_ health: borrowing HealthEvent, to bytes: inout [UInt8]) {
        JSONWriter.write(to: &bytes) { writer in
            writer.begin("health")
            writer.name("service")
            writer.text(health.service)
            writer.name("status")
            writer.text(health.status.rawValue)
            writer.name("version")
            writer.text(health.version)
            writer.name("uptime_s")
            writer.integer(health.uptimeSeconds)
            writer.name("detail")
            writer.value(health.detail)
            writer.name("timestamp")
            writer.time(health.timestamp)
            writer.endObject()
        }
    }

    public static func decode(
        _ bytes: RawSpan, from origin: Origin
    ) throws(EventError) -> HealthEvent {
        try EventReader.read(bytes, origin: origin) { reader throws(EventError) in
            try read(&reader)
        }
    }

    private static func read(_ reader: inout EventReader) throws(EventError) -> HealthEvent {
        var service: String?
        var status: HealthEvent.Status?
        var version: String?
        var uptime: Ratio?
        var detail: Value?
        var timestamp: Timestamp?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .type: try reader.type("health")
            case .v: try reader.version()
            case .service: service = try reader.identifier()
            case .status: status = try reader.choice()
            case .version: version = try reader.text()
            // Others may count fractions of a second.
            case .uptime: uptime = try reader.notNegative()
            case .detail: detail = try reader.object()
            case .timestamp: timestamp = try reader.timestamp()
            }
        }
        let seconds = (uptime ?? .zero).raw / FixedArithmetic.one
        return HealthEvent(
            service: try reader.require(service, "service"),
            status: try reader.require(status, "status"), version: version ?? "",
            uptimeSeconds: Int64(clamping: seconds), detail: detail ?? .object([]),
            timestamp: try reader.moment(timestamp))
    }
}
