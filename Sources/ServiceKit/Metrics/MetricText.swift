import CoreModels

/// The Prometheus text format 0.0.4.
enum MetricText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
        }
    }

    /// `name="value",…` with backslash, quote and line feed escaped.
    static func labels(names: [String], values: [String]) -> [UInt8] {
        var text: [UInt8] = []
        for (name, value) in zip(names, values) {
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: name.utf8)
            text.append(contentsOf: "=\"".utf8)
            escape(value, quotes: true, to: &text)
            text.append(UInt8(ascii: "\""))
        }
        return text
    }

    /// The two lines above a family's samples.
    static func head(_ name: String, _ help: String, _ type: String) -> [UInt8] {
        var text = Array("# HELP \(name) ".utf8)
        escape(help, quotes: false, to: &text)
        text.append(contentsOf: "\n# TYPE \(name) \(type)\n".utf8)
        return text
    }

    /// A sample's line up to its number; `extra` is one more label, already rendered (`le="0.1"`).
    static func prefix(
        _ name: String, suffix: String = "", labels: [UInt8] = [], extra: String = ""
    ) -> [UInt8] {
        var text = Array((name + suffix).utf8)
        if !labels.isEmpty || !extra.isEmpty {
            text.append(UInt8(ascii: "{"))
            text.append(contentsOf: labels)
            if !labels.isEmpty, !extra.isEmpty { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: extra.utf8)
            text.append(UInt8(ascii: "}"))
        }
        text.append(UInt8(ascii: " "))
        return text
    }

    static func appendSample(_ prefix: [UInt8], _ value: Double, to page: inout [UInt8]) {
        page.append(contentsOf: prefix)
        if let whole = UInt64(exactly: value), whole < 1 << 53 {
            DecimalText.appendInteger(whole, to: &page)
        } else {
            page.append(contentsOf: number(value).utf8)
        }
        page.append(UInt8(ascii: "\n"))
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: "\\\"".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
