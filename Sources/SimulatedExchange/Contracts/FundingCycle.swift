/// Funding is settled every eight hours from midnight UTC on.
enum FundingCycle {
    static let hours: Int64 = 8

    static func next(after time: Int64) -> Int64 {
        let length = hours * 3_600_000
        return (time / length + 1) * length
    }
}
