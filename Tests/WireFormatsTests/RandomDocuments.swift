import CoreModels

/// Random values with everything JSON knows in them.
struct RandomDocuments {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed) }

    mutating func value(depth: Int = 0) -> Value {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .flag(Bool.random(using: &random))
        case 2: return .integer(Int64(truncatingIfNeeded: random.next()) >> shift(63))
        case 3: return .decimal(Int128(Int64(truncatingIfNeeded: random.next())) << shift(60))
        case 4, 5: return .text(text())
        case 6: return .list((0..<shift(5)).map { _ in value(depth: depth + 1) })
        default:
            return .object(
                (0..<shift(20)).map { Value.Member("\($0)" + text(), value(depth: depth + 1)) })
        }
    }

    mutating func text() -> String {
        let pieces = [
            "a", "Z", "\"", "\\", "/", "\n", "\r", "\t", "\u{08}", "\u{0C}", "\u{1F}",
            "\u{7F}", "é", "€", "😀", "\u{2028}", " ", "_", "{", "]", ",",
        ]
        return (0..<shift(20)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
            .joined()
    }

    private mutating func shift(_ limit: Int) -> Int { Int.random(in: 0...limit, using: &random) }
}
