import TestKit

/// A recorded market that leaves nothing out: waves that are bought and sold with a profit, a drop
/// that reaches a stop-loss, and a crash that costs more than a day may.
enum StoryMarket {
    /// Market seconds for one second of the test.
    static let speed = 30
    private static let seconds = 900
    private static let drop = 250..<255
    private static let crash = 455

    static func write(to path: String) throws {
        try RecordedWaves.write(0..<seconds, to: path, price: price)
    }

    /// All are held when the crash comes.
    private static func price(_ place: Int, _ second: Int) -> Int {
        var price = RecordedWaves.price(place, second)
        if place == 2, drop.contains(second) { price = price * 9 / 10 }
        return second < crash ? price : price * 6 / 10
    }
}
