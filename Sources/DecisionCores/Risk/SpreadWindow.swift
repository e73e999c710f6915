import CoreModels

/// The spreads, (ask − bid) ÷ mid, of a symbol's last 101 two-sided books. All fit an `Int64` of
/// 10⁻¹⁸ because a spread is below 2.
struct SpreadWindow: Equatable, Sendable {
    static let length = 100
    static let minimumSamples = 20
    /// One basis point: a median below it counts as it.
    static let medianFloor = Ratio(raw: 100_000_000_000_000)

    /// The current book's spread, rounded down; nil before the first.
    private(set) var current: Ratio?
    private var currentRoundedUp: Int64 = 0
    /// The previous ones, rounded up so that an exact multiple is no excess; a ring.
    private var previous: [Int64] = []
    private var next = 0
    /// Crossed and one-sided books that were passed over.
    private(set) var ignoredBooks: Int64 = 0

    mutating func add(bid: Price?, ask: Price?) {
        guard let bid, let ask, bid.isPositive, ask >= bid,
            let sum = bid.adding(ask), let width = (ask - bid).adding(ask - bid),
            let spread = Self.divide(width.raw, by: sum.raw)
        else {
            if bid != nil || ask != nil { ignoredBooks += 1 }
            return
        }
        if current != nil { push(currentRoundedUp) }
        current = Ratio(raw: Int128(spread.down))
        currentRoundedUp = spread.up
    }

    /// width ÷ sum, below 2, rounded both ways. Prices of few decimals share so many factors of two
    /// that one division of 64 bits does.
    private static func divide(_ width: Int128, by sum: Int128) -> (down: Int64, up: Int64)? {
        let shift = (width | sum).trailingZeroBitCount
        if let divisor = UInt64(exactly: sum >> shift), let part = UInt64(exactly: width >> shift) {
            let scaled = part.multipliedFullWidth(by: UInt64(FixedArithmetic.one))
            let (quotient, rest) = divisor.dividingFullWidth(scaled)
            return (Int64(quotient), Int64(quotient) + (rest == 0 ? 0 : 1))
        }
        guard let down = FixedArithmetic.divide(width, sum, .towardZero),
            let up = FixedArithmetic.divide(width, sum, .awayFromZero)
        else { return nil }
        return (Int64(down), Int64(up))
    }

    /// The median of the previous books; nil while they are fewer than 20.
    var median: Ratio? {
        guard previous.count >= Self.minimumSamples else { return nil }
        let sorted = previous.sorted()
        let middle = sorted.count / 2
        if !sorted.count.isMultiple(of: 2) { return Ratio(raw: Int128(sorted[middle])) }
        let sum = Int128(sorted[middle - 1]) + Int128(sorted[middle])
        return Ratio(raw: FixedArithmetic.divide(sum, by: 2, .awayFromZero))
    }

    private mutating func push(_ spread: Int64) {
        if previous.count < Self.length {
            previous.append(spread)
        } else {
            previous[next] = spread
            next = next + 1 == Self.length ? 0 : next + 1
        }
    }
}

extension SpreadWindow {
    var value: Value {
        let ordered = previous[next...] + previous[..<next]
        return .object([
            .init("current", .number(current)), .init("rounded_up", .integer(currentRoundedUp)),
            .init("ignored", .integer(ignoredBooks)),
            .init("previous", .list(ordered.map { .integer($0) })),
        ])
    }

    mutating func restore(_ value: Value) -> Bool {
        guard let list = value["previous"].list, list.count <= Self.length,
            let ignored = value["ignored"].integer, let up = value["rounded_up"].integer
        else { return false }
        previous = list.compactMap(\.integer)
        current = value["current"].fixed()
        currentRoundedUp = up
        ignoredBooks = ignored
        return previous.count == list.count
    }
}
