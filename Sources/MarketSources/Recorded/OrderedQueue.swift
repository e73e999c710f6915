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
/// for input that is nearly in order: then both ends cost O(1).
struct OrderedQueue<Element: TimeOrdered> {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { head == elements.count }
    var firstTime: Timestamp? { isEmpty ? nil : elements[head].time }
    var lastTime: Timestamp? { isEmpty ? nil : elements[elements.count - 1].time }
    var firstSymbol: Symbol? { isEmpty ? nil : elements[head].symbol }
    /// All, in order.
    var all: ArraySlice<Element> { elements[head...] }

    /// - Returns: false when it came after one that it belongs before.
    @discardableResult
    mutating func insert(_ element: Element) -> Bool {
        var place = elements.count
        elements.append(element)
        guard place > head, element.comesBefore(elements[place - 1]) else { return true }
        repeat {
            elements[place] = elements[place - 1]
            place -= 1
        } while place > head && element.comesBefore(elements[place - 1])
        elements[place] = element
        return false
    }

    /// The first element goes out, for nothing.
    mutating func removeFirst() {
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        }
    }

    /// Room is made of the elements that have gone out, when they are many.
    mutating func compact() {
        guard head >= Self.slack else { return }
        elements.removeSubrange(0..<head)
        head = 0
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        // Room is made before the element goes out, so that it is copied once.
        compact()
        head += 1
        return elements[head - 1]
    }

    /// Elements that have gone out and still take room.
    private static var slack: Int { 1024 }

    /// The one at this place behind the first; it has to be there.
    subscript(_ place: Int) -> Element { elements[head + place] }

    mutating func updateAll(_ change: (inout Element) -> Void) {
        for place in head..<elements.count { change(&elements[place]) }
    }
}
