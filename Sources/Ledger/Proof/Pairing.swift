/// Proves that each numbered opening (a signal, an order) has exactly one closing (its decision,
/// its result). Both may be read in any interleaving; memory holds what is unpaired only.
struct Pairing {
    private var open: Set<Int64> = []
    /// Closed before their opening was read.
    private var early: Set<Int64> = []
    /// Openings that could not be read: they may have a closing or none.
    private var excused: Set<Int64> = []
    private var highest: Int64 = 0
    private(set) var pairs: Int64 = 0

    /// Openings without a closing.
    var unpaired: Int { open.count }

    mutating func opened(_ number: Int64) {
        highest = max(highest, number)
        if early.remove(number) != nil {
            pairs += 1
        } else {
            open.insert(number)
        }
    }

    mutating func excuse(_ number: Int64) {
        highest = max(highest, number)
        early.remove(number)
        excused.insert(number)
    }

    /// False when it was closed before.
    mutating func closed(_ number: Int64) -> Bool {
        if open.remove(number) != nil {
            pairs += 1
            return true
        }
        if excused.contains(number) { return true }
        return number > highest && early.insert(number).inserted
    }

    /// The lowest closing without an opening, once everything was read.
    var stranger: Int64? { early.min() }

    /// The lowest opening up to `number` without a closing.
    func firstUnpaired(upTo number: Int64) -> Int64? {
        open.filter { $0 <= number }.min()
    }
}
