import WireFormats

/// Why a message is refused: a stable reason for metrics, the field, and where it lies.
public struct EventError: Error, Equatable, Sendable {
    /// The raw value is the label in metrics and logs.
    public enum Reason: String, Sendable, CaseIterable {
        case tooLarge = "too_large"
        case tooDeep = "too_deep"
        case notUTF8 = "not_utf8"
        case notJSON = "not_json"
        /// A field that has to be there is absent or null.
        case missingField = "missing_field"
        case duplicateField = "duplicate_field"
        /// A value of another kind, for example an array where a number belongs.
        case wrongType = "wrong_type"
        /// `type` is not that of the channel.
        case wrongEventType = "wrong_event_type"
        /// `v` is not 1.
        case wrongVersion = "wrong_version"
        case notANumber = "not_a_number"
        /// Beyond what fixed-point (±1.7·10²⁰) or 64 bits hold.
        case overflow
        case notPositive = "not_positive"
        case outOfRange = "out_of_range"
        case badSymbol = "bad_symbol"
        case badSide = "bad_side"
        /// Not 1…32 characters of `[A-Za-z0-9_-]`.
        case badClientID = "bad_client_id"
        /// Text with U+0000, which PostgreSQL cannot store.
        case badText = "bad_text"
        /// None of the values the field knows.
        case unknownValue = "unknown_value"
        /// `id` and `seq` do not belong together.
        case badEnvelope = "bad_envelope"
    }

    public let reason: Reason
    /// The field's name; empty when the message as a whole is meant.
    public let field: String
    /// Bytes from the start of the message.
    public let offset: Int

    public init(_ reason: Reason, field: String = "", at offset: Int) {
        self.reason = reason
        self.field = field
        self.offset = offset
    }

    init(_ error: JSONError, field: String) {
        let reason: Reason =
            switch error.reason {
            case .tooLarge: .tooLarge
            case .tooDeep: .tooDeep
            case .notUTF8: .notUTF8
            case .unfinished, .unexpected, .badEscape: .notJSON
            case .duplicateName: .duplicateField
            case .nulCharacter: .badText
            case .notANumber: .notANumber
            case .overflow: .overflow
            case .wrongType: .wrongType
            }
        self.init(reason, field: field, at: error.offset)
    }
}

extension EventError: CustomStringConvertible {
    public var description: String {
        "\(reason.rawValue)\(field.isEmpty ? "" : " in \(field)") at byte \(offset)"
    }
}
