import CoreModels

/// Orders that wait for the first quote at or after their due time, by deadline, then by arrival.
struct WaitingOrders: Sendable {
    struct Entry: Equatable, Sendable {
        var order: Order
        /// Decision time + latency.
        var due: Timestamp
        /// The last moment a quote may come.
        var deadline: Timestamp
        /// Counts up with every order; breaks ties.
        var arrival: Int64

        func isBefore(_ other: Entry) -> Bool {
            (deadline, arrival) < (other.deadline, other.arrival)
        }
    }

    private(set) var entries: [Entry] = []
    /// Client ids whose entry is other than when `takeChanged` was called last.
    private var changed: Set<String> = []

    var isEmpty: Bool { entries.isEmpty }

    func entry(_ clientID: String) -> Entry? {
        entries.first { $0.order.clientID == clientID }
    }

    mutating func add(_ entry: Entry) {
        insert(entry)
        toggle(entry.order.clientID)
    }

    /// As `add`, for what is stored already.
    mutating func insert(_ entry: Entry) {
        let place = entries.firstIndex { entry.isBefore($0) } ?? entries.endIndex
        entries.insert(entry, at: place)
    }

    /// Takes out the first in order that fits.
    mutating func takeFirst(where fits: (Entry) -> Bool) -> Entry? {
        guard let place = entries.firstIndex(where: fits) else { return nil }
        let entry = entries.remove(at: place)
        toggle(entry.order.clientID)
        return entry
    }

    mutating func takeChanged() -> [String] {
        defer { changed.removeAll() }
        return changed.sorted()
    }

    /// An order that came and went between two looks was never stored: nothing to tell.
    private mutating func toggle(_ clientID: String) {
        if changed.remove(clientID) == nil { changed.insert(clientID) }
    }
}
