import CoreModels
import WireFormats

/// One element of a decision's `checks`: `{layer, name, value, limit, result}`.
enum RiskCheckFields {
    enum Field: String, CaseIterable { case layer, name, value, limit, result }
    private static let fields = FieldTable(Field.self)

    static func write(_ check: RiskDecision.Check, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("layer")
        writer.integer(Int64(check.layer))
        writer.name("name")
        writer.text(check.name)
        writer.name("value")
        writer.value(check.value)
        writer.name("limit")
        writer.value(check.limit)
        writer.name("result")
        writer.text(check.result.rawValue)
        writer.endObject()
    }

    static func read(_ reader: inout EventReader) throws(EventError) -> RiskDecision.Check {
        var layer: Int64?
        var name: String?
        var value = Value.null
        var limit = Value.null
        var result: RiskDecision.Check.Outcome?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .layer: layer = try reader.count()
            case .name: name = try reader.text()
            case .value: value = try reader.value()
            case .limit: limit = try reader.value()
            case .result: result = try reader.choice()
            }
        }
        return RiskDecision.Check(
            layer: Int(try reader.require(layer, "layer")),
            name: try reader.require(name, "name"), value: value, limit: limit,
            result: try reader.require(result, "result"))
    }
}
