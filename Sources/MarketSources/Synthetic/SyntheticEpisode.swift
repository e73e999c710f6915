/// A stretch of time in which one coin does something: rises, falls, or trades on a thin book.
struct SyntheticEpisode: Equatable, Sendable {
    /// Its place in `SyntheticCoin.all`.
    var coin: Int
    /// Milliseconds since the market's start.
    var start: Int64
    /// Milliseconds; 0 is a gap between two prices.
    var duration: Int64
    /// From its beginning to its end, in millionths: +90 000 = +9 %.
    var change: Int64
    /// The book's spread is so many times the usual one.
    var spreadFactor: Int64 = 1

    var end: Int64 { start + duration }

    /// The coin's level (10⁹ = where it began) at a time within the episode.
    func level(from anchor: Int64, at time: Int64) -> Int64 {
        let share = duration == 0 ? change : change * (time - start) / duration
        return anchor + anchor * share / 1_000_000
    }
}
