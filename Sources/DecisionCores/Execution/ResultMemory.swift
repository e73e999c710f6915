import CoreModels

/// The last results by `client_id`, so that an order that comes twice has one effect.
///
/// What is older is protected by the ledger: the service's offset in `orders` never goes back, so
/// an order handled long ago is not read again.
struct ResultMemory: Sendable {
    static let limit = 10_000

    struct Entry: Equatable, Sendable {
        /// Counts up with every result; its place in the ring.
        var ordinal: Int64
        var result: OrderResult
    }

    private var ring: [Entry?] = []
    private var slots: [String: Int] = [:]
    private var stored: Int64 = 0
    private var changedSlots = TouchedNumbers()
    private var evicted: [String] = []

    func entry(_ clientID: String) -> Entry? { slots[clientID].flatMap { ring[$0] } }

    mutating func remember(_ result: OrderResult) {
        let slot = Int(stored % Int64(Self.limit))
        if slot < ring.count, let old = ring[slot]?.result.clientID {
            slots[old] = nil
            // One that was not yet told of was never stored.
            if !changedSlots.contains(slot) { evicted.append(old) }
        }
        place(Entry(ordinal: stored, result: result), slot)
        changedSlots.mark(slot)
        stored += 1
    }

    mutating func restore(_ entry: Entry) {
        place(entry, Int(entry.ordinal % Int64(Self.limit)))
        stored = max(stored, entry.ordinal + 1)
    }

    /// The newest first.
    func recent(_ count: Int) -> [OrderResult] {
        let wanted = min(Int64(max(0, count)), Int64(ring.count), stored)
        return (stored - wanted..<stored).reversed().compactMap {
            ring[Int($0 % Int64(Self.limit))]?.result
        }
    }

    /// Client ids whose entry is other than when this was called last.
    mutating func takeChanged() -> [String] {
        let changed = changedSlots.numbers.compactMap { ring[$0]?.result.clientID } + evicted
        changedSlots.clear()
        evicted.removeAll()
        return changed
    }

    private mutating func place(_ entry: Entry, _ slot: Int) {
        while ring.count <= slot { ring.append(nil) }
        ring[slot] = entry
        slots[entry.result.clientID] = slot
    }
}
