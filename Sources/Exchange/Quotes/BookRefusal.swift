/// Why the book of a symbol is no quote. The raw value is a metric's label.
public enum BookRefusal: String, Error, Sendable, CaseIterable {
    /// None was seen since the connection began.
    case missing = "book_missing"
    /// Its version went back, and no version above the highest seen has come since.
    case regressed = "book_version"
    case oneSided = "book_one_sided"
    /// A best level without anything in it.
    case empty = "book_empty_level"
    /// The best bid is at or above the best ask.
    case crossed = "book_crossed"
    case stale = "book_stale"
}
