public import CoreModels

/// What has a place in time; at the same time the symbol's text decides.
public protocol TimeOrdered {
    var time: Timestamp { get }
    var symbol: Symbol { get }
}

extension TimeOrdered {
    @inline(__always)
    func comesBefore(_ other: Self) -> Bool {
        let difference = time.milliseconds - other.time.milliseconds
        return difference < 0 || (difference == 0 && symbol < other.symbol)
    }
}

/// A queue that keeps its elements in order of time and symbol, equals in order of arrival. Made
/// for input that is nearly in order: then both ends cost O(1). A ring that only grows.
struct OrderedQueue<Element: TimeOrdered> {
    private var ring: [Element] = []
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var firstTime: Timestamp? { isEmpty ? nil : self[0].time }
    var lastTime: Timestamp? { isEmpty ? nil : self[count - 1].time }
    var firstSymbol: Symbol? { isEmpty ? nil : self[0].symbol }
    /// All, in order.
    var all: [Element] { (0..<count).map { self[$0] } }

    /// The one at this place behind the first; it has to be there.
    subscript(_ place: Int) -> Element {
        @inline(__always) get { ring[slot(place)] }
    }

    /// - Returns: false when it came after one that it belongs before.
    @discardableResult
    mutating func insert(_ element: Element) -> Bool {
        if count == ring.count { grow(filler: element) }
        ring[slot(count)] = element
        return sinkLast()
    }

    /// As `insert`, of an element that is made where it will stand, of what was there before;
    /// nothing when `make` says no. False also when there is no room without growing.
    @inline(__always)
    mutating func insert(made make: (inout Element) -> Bool) -> Bool {
        guard count < ring.count, make(&ring[slot(count)]) else { return false }
        _ = sinkLast()
        return true
    }

    /// Counts the element behind the last one in, and takes it to its place.
    @inline(__always)
    private mutating func sinkLast() -> Bool {
        count &+= 1
        guard count > 1, self[count - 1].comesBefore(self[count - 2]) else { return true }
        var place = count - 1
        repeat {
            ring.swapAt(slot(place), slot(place - 1))
            place -= 1
        } while place > 0 && self[place].comesBefore(self[place - 1])
        return false
    }

    /// The first elements go out; there have to be as many.
    mutating func removeFirst(_ number: Int) {
        precondition(number <= count, "a queue gives what it holds")
        head = slot(number)
        count -= number
    }

    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        defer { removeFirst(1) }
        return self[0]
    }

    mutating func updateAll(_ change: (inout Element) -> Void) {
        for place in 0..<count { change(&ring[slot(place)]) }
    }

    @inline(__always)
    private func slot(_ place: Int) -> Int { (head &+ place) & (ring.count &- 1) }

    /// To 16, then to twice what there was: a power of two.
    private mutating func grow(filler: Element) {
        ring = all + Array(repeating: filler, count: max(16, ring.count))
        head = 0
    }
}
