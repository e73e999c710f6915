/// Why bytes are not the JSON that was asked for, and where.
public struct JSONError: Error, Equatable, Sendable {
    public enum Reason: String, Sendable, CaseIterable {
        /// More bytes than the reader's limit.
        case tooLarge
        /// More containers inside each other than `JSONReader.depthLimit`.
        case tooDeep
        case notUTF8
        /// The bytes end inside a value.
        case unfinished
        /// A byte that cannot stand here; bytes after the document are this too.
        case unexpected
        /// An escape that JSON does not know, or half a surrogate pair.
        case badEscape
        /// A name stands twice in one object: two readers could see two messages.
        case duplicateName
        /// Text that has to be kept holds U+0000, which PostgreSQL cannot store.
        case nulCharacter
        /// No number: `NaN`, `01`, `1.`, or text that is none.
        case notANumber
        /// A number beyond ±1.7·10²⁰, or beyond 64 bits where a whole number is asked for.
        case overflow
        /// A well-formed value of another kind than the one asked for.
        case wrongType
    }

    public let reason: Reason
    /// Bytes from the start of the document.
    public let offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "JSON \(reason.rawValue) at byte \(offset)" }
}
