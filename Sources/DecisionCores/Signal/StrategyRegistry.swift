/// The strategies there are: adding one touches its own file and this list.
public enum StrategyRegistry {
    public static let all: [any Strategy.Type] = [MomentumV1.self]

    public static var names: [String] { all.map { $0.name } }

    /// The strategy of that name, nil when there is none.
    public static func strategy(
        named name: String, settings: SignalSettings
    ) -> (any Strategy)? {
        all.first { $0.name == name }?.init(settings: settings)
    }
}
