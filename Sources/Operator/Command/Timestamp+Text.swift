import CoreModels
import WireFormats

extension Timestamp {
    /// `2026-01-05T00:00:00.000Z`.
    var text: String { ISO8601.text(self) }
}
