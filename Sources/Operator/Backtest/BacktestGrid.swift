/// All combinations of the values that `--sweep KEY=a,b,c …` names; the last key changes fastest.
struct BacktestGrid: Equatable {
    static let limit = 10_000

    let keys: [String]
    /// Per combination the values in the order of `keys`.
    let combinations: [[String]]

    init(_ words: [String]) throws(CommandFailure) {
        var keys: [String] = []
        var combinations: [[String]] = [[]]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let values = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
            guard let key = parts.first.map(String.init), !key.isEmpty, !values.isEmpty else {
                throw .wrongUse("--sweep \(word): KEY=a,b,c is wanted")
            }
            guard !keys.contains(key) else { throw .wrongUse("--sweep names \(key) twice") }
            keys.append(key)
            combinations = combinations.flatMap { start in values.map { start + [$0] } }
            guard combinations.count <= Self.limit else {
                throw .wrongUse("--sweep makes more than \(Self.limit) settings")
            }
        }
        self.keys = keys
        self.combinations = combinations
    }

    func overrides(_ place: Int) -> [String: String] {
        Dictionary(zip(keys, combinations[place])) { $1 }
    }

    /// `STOP_LOSS_PCT=0.02 SIGNAL_THRESHOLD_PCT=3`.
    func text(_ place: Int) -> String {
        zip(keys, combinations[place]).map { "\($0)=\($1)" }.joined(separator: " ")
    }
}
