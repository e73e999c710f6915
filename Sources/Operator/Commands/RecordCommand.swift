import ServiceKit

/// `cdb record`: market data from the bus or an exchange into files that can be replayed.
enum RecordCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "record", "writes market data as it is published into files for replays",
        options: RecordOptions.options,
        details: """
            Files are named by the time they begin, compressed with Zstandard, and appear whole,
            each with a .json of its checksum, counts and gaps. cdb up --feed replay --data, cdb
            replay --data and cdb backtest --data take them as they are: every message comes again
            with the price, volume and pct_change it was published with.
            Ctrl-C, SIGTERM and --for end it well. After a crash the next cdb record with the same
            DIR makes the file whole that was in hand.
            --exchange runs cdb_ws and cdb_rest on a Redis of their own; MEXC_WS_URL and
            MEXC_REST_URL name the exchange.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let options = try RecordOptions(arguments)
        let stop = try StopSignal.install()
        guard !options.fromExchange else { return try recordExchange(options, context, stop) }
        let stack = try StackAddress.find(arguments, context)
        let folder = try RecordingFolder(
            options.output ?? stack.directory.map { "\($0.path)/\(RecordOptions.defaultOutput)" }
                ?? RecordOptions.defaultOutput)
        return try record(StackBus(redis: stack.redis()), folder, options, context, stop)
    }

    private static func recordExchange(
        _ options: RecordOptions, _ context: Context, _ stop: StopSignal
    ) throws -> Report {
        let folder = try RecordingFolder(options.output ?? RecordOptions.defaultOutput)
        let bus = try ExchangeBus(
            directory: folder.file(".exchange"), environment: context.environment)
        defer { bus.stopServer() }
        return try record(bus, folder, options, context, stop)
    }

    private static func record(
        _ source: any RecordSource, _ folder: RecordingFolder, _ options: RecordOptions,
        _ context: Context, _ stop: StopSignal
    ) throws -> Report {
        for file in try Salvage.all(in: folder) { context.console.complain(file.text) }
        var run = RecordRun(source, folder, options, stop, context.console)
        return try run.run(milliseconds: options.milliseconds)
    }
}
