import CoreModels

/// The options of `cdb up`.
struct UpOptions: Equatable {
    var feed: FeedChoice
    var directory: StackDirectory
    var portBase: Int?
    /// Nil: until it is stopped, or a replay has ended.
    var milliseconds: Int64?
    var isDetached: Bool

    static let options =
        FeedChoice.options + [
            Option("dir", .value("DIR"), "where the stack keeps everything (default .cdb)"),
            Option(
                "port-base", .value("N"), "first of \(PortPlan.width) ports (default: a free one)"),
            Option("for", .value("SECONDS"), "ends after this time"),
            Option("detach", .flag, "returns when everything is ready"),
        ]

    private static let ports = 1024...(65_535 - PortPlan.width)
    private static let durations = Ratio.zero...Ratio(1_000_000_000)

    init(_ arguments: Arguments) throws(CommandFailure) {
        feed = try FeedChoice(arguments)
        directory = StackDirectory(arguments.text("dir") ?? StackDirectory.defaultPath)
        portBase = try arguments.integer("port-base", in: Self.ports)
        milliseconds = try arguments.decimal("for", in: Self.durations).map {
            Int64($0.raw / (FixedArithmetic.one / 1000))
        }
        isDetached = arguments.has("detach")
    }
}
