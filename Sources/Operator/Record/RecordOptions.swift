import CoreModels

/// The options of `cdb record`.
struct RecordOptions: Equatable {
    /// Where the recordings go; nil: into the stack's directory.
    var output: String?
    var minutesPerFile: Int
    /// Nil: for ever.
    var keepDays: Int?
    /// Empty: all.
    var symbols: [Symbol]
    /// Without a stack, from the exchange itself.
    var fromExchange: Bool
    /// Nil: until it is stopped.
    var milliseconds: Int64?

    static let options = [
        StackAddress.option,
        Option("out", .value("DIR"), "where the files go (default recordings in the stack's DIR)"),
        Option("minutes-per-file", .value("N"), "of the market's time (default 60)"),
        Option("keep-days", .value("N"), "older recordings in DIR are removed (default: none)"),
        Option("symbols", .list("SYMBOL"), "only these"),
        Option("exchange", .flag, "from the exchange itself, without a stack"),
        Option("for", .value("SECONDS"), "ends after this time"),
    ]

    static let defaultOutput = "recordings"
    private static let durations = Ratio.zero...Ratio(1_000_000_000)

    init(_ arguments: Arguments) throws(CommandFailure) {
        output = arguments.text("out")
        minutesPerFile = try arguments.integer("minutes-per-file", in: 1...1_440) ?? 60
        keepDays = try arguments.integer("keep-days", in: 1...36_500)
        fromExchange = arguments.has("exchange")
        if fromExchange, arguments.has("dir") {
            throw .wrongUse("--dir names a stack, and --exchange does without one")
        }
        milliseconds = try arguments.decimal("for", in: Self.durations).map {
            Int64($0.raw / (FixedArithmetic.one / 1000))
        }
        symbols = []
        for word in arguments.list("symbols").flatMap({ $0.split(separator: ",") }) {
            guard let symbol = Symbol(String(word)) else {
                throw .wrongUse("--symbols \(word): a pair like BTC_USDT is wanted")
            }
            symbols.append(symbol)
        }
    }
}
