/// The metrics that a PromQL expression asks for, by the prefixes that ours and the exporters' have.
enum PromQLNames {
    private static let prefixes = ["cdb_", "redis_", "pg_", "process_"]
    private static let names = ["up", "ALERTS"]

    static func metrics(in expression: String) -> [String] {
        var found: [String] = []
        // Label values stand in quotes: every second piece.
        let pieces = expression.split(separator: "\"", omittingEmptySubsequences: false)
        for (place, piece) in pieces.enumerated() where place.isMultiple(of: 2) {
            let words = piece.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
            for word in words.map(String.init) where !found.contains(word) {
                if names.contains(word) || prefixes.contains(where: word.hasPrefix) {
                    found.append(word)
                }
            }
        }
        return found
    }

    /// The name a family announces itself with: that of a histogram lacks the ending.
    static func families(of metric: String) -> [String] {
        [metric]
            + ["_bucket", "_sum", "_count"].filter(metric.hasSuffix).map {
                String(metric.dropLast($0.count))
            }
    }
}
