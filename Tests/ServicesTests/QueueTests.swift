import Testing

@testable import Services

@Test("a queue gives back what it took, in order, however they alternate", arguments: 1...20)
func queueKeepsOrder(seed: Int) {
    var random = Randomness(seed: UInt64(seed))
    var queue = Queue<Int>()
    var expected: [Int] = []
    for number in 0..<5000 {
        if random.below(5) < 3 {
            queue.append(number)
            expected.append(number)
        } else {
            #expect(queue.popFirst() == (expected.isEmpty ? nil : expected.removeFirst()))
        }
        #expect(queue.count == expected.count)
        #expect(queue.first == expected.first)
        #expect(queue.last == expected.last)
    }
}
