/// Which small numbers (of symbols, of slots) were touched since the last look: a flag per number
/// and a list of those set, so that marking costs a few instructions and, in steady state, no
/// allocation.
struct TouchedNumbers: Sendable {
    private var flags: [Bool] = []
    private(set) var numbers: [Int] = []

    @inline(__always)
    mutating func mark(_ number: Int) {
        if !contains(number) { note(number) }
    }

    private mutating func note(_ number: Int) {
        while flags.count <= number { flags.append(false) }
        flags[number] = true
        numbers.append(number)
    }

    func contains(_ number: Int) -> Bool { number < flags.count && flags[number] }

    mutating func clear() {
        for number in numbers { flags[number] = false }
        numbers.removeAll(keepingCapacity: true)
    }
}
