/// SplitMix64: the same numbers for the same seed, for ever.
public struct DeterministicRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number in the range, by the same steps on every platform and library version.
    public mutating func number(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) &+ 1
        guard width != 0 else { return Int(bitPattern: UInt(next())) }
        return range.lowerBound + Int(next() % width)
    }

    /// True in about `percent` of 100 draws.
    public mutating func chance(percent: Int) -> Bool {
        number(in: 0...99) < percent
    }

    public mutating func element<Element>(of choices: [Element]) -> Element {
        choices[number(in: 0...(choices.count - 1))]
    }

    public mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
