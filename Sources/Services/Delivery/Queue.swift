/// First in, first out, in one array: a head index moves and the array is cut when half is spent.
struct Queue<Element> {
    private var elements: [Element] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }
    var count: Int { elements.count - head }
    var first: Element? { isEmpty ? nil : elements[head] }
    var last: Element? { isEmpty ? nil : elements[elements.count - 1] }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        head += 1
        if head == elements.count {
            removeAll()
        } else if head >= 1024, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    func contains(_ element: Element) -> Bool where Element: Equatable {
        elements[head...].contains(element)
    }

    func forEach(_ body: (Element) -> Void) {
        elements[head...].forEach(body)
    }

    mutating func removeAll() {
        elements.removeAll(keepingCapacity: elements.capacity <= 4096)
        head = 0
    }
}
