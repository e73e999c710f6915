import CoreModels

/// Symbols out of a column: each text is understood once, then recognised by its bytes.
struct SymbolColumn {
    /// A text of at most 31 bytes; the last byte is its length.
    private struct Packed: Hashable {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        init?(_ bytes: Span<UInt8>, _ place: Range<Int>) {
            guard !place.isEmpty, place.count <= Symbol.maximumLength else { return nil }
            for index in place {
                words.0 = words.0 << 8 | words.1 >> 56
                words.1 = words.1 << 8 | words.2 >> 56
                words.2 = words.2 << 8 | words.3 >> 56
                words.3 = words.3 << 8 | UInt64(bytes[index])
            }
        }

        static func == (left: Self, right: Self) -> Bool { left.words == right.words }

        func hash(into hasher: inout Hasher) {
            hasher.combine(words.2)
            hasher.combine(words.3)
        }
    }

    private var known: [Packed: Symbol] = [:]
    private var last: (packed: Packed, symbol: Symbol)?

    mutating func symbol(_ bytes: Span<UInt8>, _ place: Range<Int>) -> Symbol? {
        guard let packed = Packed(bytes, place) else { return nil }
        if let last, last.packed == packed { return last.symbol }
        let found = known[packed] ?? Symbol(bytes: place.map { bytes[$0] })
        guard let found else { return nil }
        known[packed] = found
        last = (packed, found)
        return found
    }
}
