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
    var firstSymbol: Symbol? { isEmpty ? nil : elements[head].symbol }
    /// All, in order.
    var all: ArraySlice<Element> { elements[head...] }

    mutating func insert(_ element: Element) {
        var place = elements.count
        elements.append(element)
        guard place > head, element.comesBefore(elements[place - 1]) else { return }
        repeat {
            elements[place] = elements[place - 1]
            place -= 1
        } while place > head && element.comesBefore(elements[place - 1])
        elements[place] = element
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        // Room is made before the element goes out, so that it is copied once.
        if head >= Self.slack {
            elements.removeSubrange(0..<head)
            head = 0
        }
        head += 1
        return elements[head - 1]
    }

    /// Elements that have gone out and still take room.
    private static var slack: Int { 1024 }

    mutating func updateAll(_ change: (inout Element) -> Void) {
        for place in head..<elements.count { change(&elements[place]) }
    }
}
