import MarketSources

/// The levels of one contract's book. Every change of a level is a commit with a version of its
/// own, contiguous; what the exchange pushes and answers is made of these.
struct OrderBook: Sendable {
    struct Level: Equatable, Sendable {
        var ticks: Int64
        /// Zero: the level is gone.
        var contracts: Int64
        var orders: Int64
    }

    struct Commit: Equatable, Sendable {
        var version: Int64
        var isAsk: Bool
        var level: Level
    }

    /// Levels on each side.
    static let depth = 100
    /// Commits remembered: more than two changes of the whole book.
    private static let memory = 2_000

    /// Best first.
    private(set) var bids: [Level] = []
    private(set) var asks: [Level] = []
    private(set) var version: Int64
    /// Ascending.
    private(set) var commits: [Commit] = []
    /// Between two levels behind the best, in ticks.
    private let step: Int64
    /// The usual size of a level.
    private let size: Int64
    private var random: SeededRandom

    init(version: Int64, step: Int64, size: Int64, random: SeededRandom) {
        self.version = version
        self.step = max(1, step)
        self.size = max(2, size)
        self.random = random
    }

    /// Brings the best prices here and redraws a few sizes. What goes away goes first, so that the
    /// book is crossed at no version.
    mutating func move(bid: Int64, ask: Int64) {
        let newBids = side(bids, best: bid, direction: -1)
        let newAsks = side(asks, best: ask, direction: 1)
        for level in missing(from: newBids, of: bids, direction: -1) {
            commit(Level(ticks: level.ticks, contracts: 0, orders: 0), isAsk: false)
        }
        for level in missing(from: newAsks, of: asks, direction: 1) {
            commit(Level(ticks: level.ticks, contracts: 0, orders: 0), isAsk: true)
        }
        for level in changed(from: bids, to: newBids, direction: -1) {
            commit(level, isAsk: false)
        }
        for level in changed(from: asks, to: newAsks, direction: 1) { commit(level, isAsk: true) }
        bids = newBids
        asks = newAsks
        if commits.count > Self.memory * 2 { commits.removeFirst(commits.count - Self.memory) }
    }

    /// One side as it shall be: levels that stay keep their size but for a few near the best.
    private mutating func side(_ old: [Level], best: Int64, direction: Int64) -> [Level] {
        var levels: [Level] = []
        levels.reserveCapacity(Self.depth)
        let redrawn = random.pick(0...15)
        var place = 0
        var ticks = best
        while levels.count < Self.depth, ticks > 0 {
            while place < old.count, (old[place].ticks - ticks) * direction < 0 { place += 1 }
            let stays =
                place < old.count && old[place].ticks == ticks && levels.count != Int(redrawn)
            levels.append(stays ? old[place] : draw(ticks))
            // Behind the best they stand on a grid that does not move with it.
            let onGrid = direction > 0 ? ticks / step * step : (ticks + step - 1) / step * step
            ticks = onGrid + direction * step
        }
        return levels
    }

    private mutating func draw(_ ticks: Int64) -> Level {
        let contracts = random.pick(1...size * 2)
        return Level(
            ticks: ticks, contracts: contracts, orders: min(contracts, random.pick(1...6)))
    }

    private func missing(from new: [Level], of old: [Level], direction: Int64) -> [Level] {
        var place = 0
        return old.filter { level in
            while place < new.count, (new[place].ticks - level.ticks) * direction < 0 { place += 1 }
            return place == new.count || new[place].ticks != level.ticks
        }
    }

    private func changed(from old: [Level], to new: [Level], direction: Int64) -> [Level] {
        var place = 0
        return new.filter { level in
            while place < old.count, (old[place].ticks - level.ticks) * direction < 0 { place += 1 }
            return place == old.count || old[place] != level
        }
    }

    private mutating func commit(_ level: Level, isAsk: Bool) {
        version += 1
        commits.append(Commit(version: version, isAsk: isAsk, level: level))
    }

    /// The commits after a version; a gap when it lies too far back.
    func commits(after version: Int64) -> ArraySlice<Commit> {
        commits.suffix(Int(clamping: max(0, self.version - version)))
    }
}
