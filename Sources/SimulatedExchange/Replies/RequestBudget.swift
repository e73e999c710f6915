/// How many requests of one kind the exchange takes within two seconds.
struct RequestBudget: Sendable {
    private static let window: Int64 = 2_000

    private var kinds: [(name: String, start: Int64, count: Int)] = []

    /// False: one too many.
    mutating func admit(_ name: String, limit: Int, at wall: Int64) -> Bool {
        guard let place = kinds.firstIndex(where: { $0.name == name }) else {
            kinds.append((name, wall, 1))
            return true
        }
        if wall - kinds[place].start >= Self.window {
            kinds[place].start = wall
            kinds[place].count = 0
        }
        kinds[place].count += 1
        return kinds[place].count <= limit
    }
}
