/// SplitMix64: integers that look random and are the same on every machine for the same seed.
public struct SeededRandom: Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range, each equally likely. The range must hold at least one number.
    public mutating func pick(_ range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(next().multipliedFullWidth(by: width).high)
    }

    /// Roughly normal round 0 with this standard deviation: the sum of twelve equal chances.
    public mutating func bell(_ deviation: Int64) -> Int64 {
        var sum: Int64 = 0
        var bits = next()
        for _ in 0..<6 {
            sum += Int64(bits & 0x3FF)
            bits >>= 10
        }
        bits = next()
        for _ in 0..<6 {
            sum += Int64(bits & 0x3FF)
            bits >>= 10
        }
        // Twelve of 0…1023: mean 6138, standard deviation 1024.
        return (sum - 6138) * deviation / 1024
    }
}
