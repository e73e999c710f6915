import CoreModels
import WireFormats

/// The object `{feed, seq}` under `market`.
enum MarketReferenceFields {
    enum Field: String, CaseIterable { case feed, seq }
    static let fields = FieldTable(Field.self)

    /// Nil for null, and for an object in which either is null or absent.
    static func read(_ reader: inout EventReader) throws(EventError) -> MarketReference? {
        if try reader.takeNull() { return nil }
        var feed: String?
        var sequence: Int64?
        var cursor = JSONNames.Cursor()
        try reader.beginObject()
        while let field = try reader.next(fields, &cursor) {
            switch field {
            case .feed: feed = try reader.text()
            case .seq: sequence = try reader.count()
            }
        }
        guard let feed, let sequence else { return nil }
        return MarketReference(feed: feed, sequence: sequence)
    }
}
