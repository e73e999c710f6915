/// A trading pair in canonical form, `BASE_QUOTE`: upper-case letters and digits, at most 31 bytes.
///
/// Held inline in four words, so that copying and comparing a symbol costs no reference count. Order
/// is that of the text.
@frozen
public struct Symbol: Hashable, Sendable {
    // Big-endian text padded with zeros; the lowest byte of the last word is the length.
    @usableFromInline let words: (UInt64, UInt64, UInt64, UInt64)

    public static let maximumLength = 31

    /// Quote currencies that `BTCUSDT`-style names are split at, longest first.
    private static let quotes = [
        "FDUSD", "USDT", "USDC", "TUSD", "USD1", "USDE", "EUR", "USD", "BTC", "ETH",
    ]

    /// Accepts `BTC_USDT`, `BTCUSDT` and lower case; nil for anything else.
    public init?(_ text: String) {
        var utf8 = Array(text.utf8)
        self.init(ascii: &utf8)
    }

    /// As `init(_:)`, from bytes.
    public init?(bytes: some Sequence<UInt8>) {
        var copy = Array(bytes)
        self.init(ascii: &copy)
    }

    private init?(ascii bytes: inout [UInt8]) {
        guard !bytes.isEmpty, bytes.count <= Self.maximumLength else { return nil }
        var underscore: Int?
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case UInt8(ascii: "a")...UInt8(ascii: "z"): bytes[index] -= 32
            case UInt8(ascii: "_"):
                guard underscore == nil, index > 0, index < bytes.count - 1 else { return nil }
                underscore = index
            default: return nil
            }
        }
        if underscore == nil {
            guard let split = Self.quoteStart(bytes), bytes.count < Self.maximumLength else {
                return nil
            }
            bytes.insert(UInt8(ascii: "_"), at: split)
        }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() {
            words[index >> 3] |= UInt64(byte) << UInt64(56 - 8 * (index & 7))
        }
        words[3] |= UInt64(bytes.count)
        self.words = (words[0], words[1], words[2], words[3])
    }

    private static func quoteStart(_ bytes: [UInt8]) -> Int? {
        for quote in quotes where bytes.count > quote.utf8.count {
            if bytes.suffix(quote.utf8.count).elementsEqual(quote.utf8) {
                return bytes.count - quote.utf8.count
            }
        }
        return nil
    }

    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1
            && left.words.2 == right.words.2 && left.words.3 == right.words.3
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    /// A cheap, process-independent hash for the tables of the hot path.
    @inlinable
    public var quickHash: UInt64 {
        // The texts differ in their high bits, the tables are addressed by the low ones.
        let words = words.0 ^ (words.1 >> 3) ^ (words.2 >> 5) ^ (words.3 >> 7)
        let hash = (words ^ (words >> 32)) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ (hash >> 32)
    }
}

extension Symbol: Comparable {
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.words < right.words }
}

extension Symbol: CustomStringConvertible {
    /// Appends the canonical text.
    public func append(to bytes: inout [UInt8]) {
        let all = [words.0, words.1, words.2, words.3]
        for index in 0..<Int(words.3 & 0xFF) {
            bytes.append(UInt8(truncatingIfNeeded: all[index >> 3] >> UInt64(56 - 8 * (index & 7))))
        }
    }

    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Dense small numbers for symbols: arrays indexed by them replace dictionaries on the hot path.
/// Numbers are given in order of first appearance, from 0.
public struct SymbolIndex: Sendable {
    /// A place of the table: a symbol with its number, below zero while it is empty.
    @usableFromInline
    struct Slot: Sendable {
        @usableFromInline var symbol: Symbol
        @usableFromInline var number: Int

        @usableFromInline
        init(_ symbol: Symbol, _ number: Int) {
            self.symbol = symbol
            self.number = number
        }
    }

    @usableFromInline var slots: [Slot] = []
    @usableFromInline var known: [Symbol] = []

    /// The symbols by their number.
    @inlinable public var symbols: [Symbol] { known }

    public init() {}

    /// The number of a symbol seen before.
    @inlinable
    @inline(__always)
    public func find(_ symbol: Symbol) -> Int? {
        slots.withUnsafeBufferPointer { slots in
            guard !slots.isEmpty else { return nil }
            let mask = slots.count &- 1
            var slot = Int(truncatingIfNeeded: symbol.quickHash) & mask
            while true {
                let number = slots[slot].number
                if number < 0 { return nil }
                if slots[slot].symbol == symbol { return number }
                slot = (slot &+ 1) & mask
            }
        }
    }

    /// The number of a symbol, a new one when it was not seen before.
    @inlinable
    @inline(__always)
    public mutating func number(of symbol: Symbol) -> Int {
        find(symbol) ?? insert(symbol)
    }

    /// Whether this is the number of the symbol: another table's may be.
    @inlinable
    @inline(__always)
    public func isNumber(_ number: Int, of symbol: Symbol) -> Bool {
        number >= 0 && number < known.count && known[number] == symbol
    }

    /// As `number(of:)`, faster where `hint` is the number.
    @inlinable
    @inline(__always)
    public mutating func number(of symbol: Symbol, hint: Int) -> Int {
        isNumber(hint, of: symbol) ? hint : number(of: symbol)
    }

    @usableFromInline
    mutating func insert(_ symbol: Symbol) -> Int {
        if known.count * 2 >= slots.count { grow(filler: symbol) }
        known.append(symbol)
        place(known.count - 1)
        return known.count - 1
    }

    private mutating func grow(filler: Symbol) {
        slots = Array(repeating: Slot(filler, -1), count: max(64, slots.count * 2))
        for number in known.indices { place(number) }
    }

    private mutating func place(_ number: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: known[number].quickHash) & mask
        while slots[slot].number >= 0 { slot = (slot + 1) & mask }
        slots[slot] = Slot(known[number], number)
    }
}
