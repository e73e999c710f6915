import CoreModels
import Glibc
import Ledger
import MarketFiles
import MarketSources
import PrivateServers
import RedisBus
import ServiceKit
import Services

/// One run of `cdb up`, from the empty directory to the summary.
final class UpRun {
    /// How long services may take to be ready, and the writer to catch up, milliseconds.
    private static let startPatience: Int64 = 60_000
    private static let settlePatience: Int64 = 15_000
    /// How long a start waits for the real exchange, milliseconds.
    private static let exchangePatience: Int64 = 15_000
    private static let pause: Int64 = 20
    private static let progressInterval: Int64 = 5_000

    private let options: UpOptions
    private let context: Context
    private let readiness: Readiness
    private let stop: StopSignal
    private var heldGate: LoopbackPort.Held?
    private var shownProgressAt: Int64 = 0
    /// The real exchange could not be reached in time.
    private var isExchangeAway = false

    init(_ options: UpOptions, _ context: Context, _ readiness: Readiness) throws {
        self.options = options
        self.context = context
        self.readiness = readiness
        stop = try StopSignal.install()
    }

    /// Lines for people; with `--json` standard output is kept for the summary.
    private func show(_ line: String) {
        context.wantsJSON ? context.console.complain(line) : context.console.say(line)
    }

    func run() throws -> Report {
        let files = try options.feed.openFiles()
        let directory = options.directory
        try Files.makeDirectory(directory.logs, mode: 0o755)
        let lock = try StackLock.take(directory)
        defer { lock.release() }
        let isNew = !directory.exists
        var environment = isNew ? StackEnvironment() : try directory.readEnvironment()
        let plan = try portPlan(environment)
        environment.complete(plan, operatorToken: context.environment["CDB_OPERATOR_TOKEN"])
        try checkConfiguration(environment)
        show("starting Redis and Postgres in \(directory.path)")
        let stack = try PrivateStack(directory, environment, plan)
        defer { stack.stopServers() }
        try stack.prepareDatabase()
        try stack.remember()
        return try run(stack, files)
    }

    private func portPlan(_ environment: StackEnvironment) throws(CommandFailure) -> PortPlan {
        let known = environment[StackEnvironment.portBase].flatMap { Int($0) }
        if let base = options.portBase ?? known { return PortPlan(base: base) }
        let plan = PortPlan.firstFree({ LoopbackPort.isFree(UInt16($0)) }) { gate in
            heldGate = LoopbackPort.Held(UInt16(gate))
            return heldGate != nil
        }
        guard let plan else {
            throw .failed("no free ports were found; name the first of some with --port-base")
        }
        return plan
    }

    /// What a service would refuse at its start is told before anything is started.
    private func checkConfiguration(_ environment: StackEnvironment) throws(CommandFailure) {
        var problems: [String] = []
        for program in StackProgram.services + StackProgram.feeds {
            let configuration = Configuration(
                environment: environment.over(context.environment), service: program.name)
            problems += configuration.problems.filter { !problems.contains($0) }
        }
        guard problems.isEmpty else { throw .failed(problems.joined(separator: "; ")) }
    }

    private func run(_ stack: PrivateStack, _ files: RecordedMarket?) throws -> Report {
        let settings = try stack.address(context.environment).allSettings()
        let plan = try feedPlan(stack, files, settings)
        try stack.startServices(serviceEnvironment(plan))
        defer { stack.stop() }
        let address = stack.address(context.environment)
        guard try awaitReadiness(stack, StackProgram.services) else { return Self.interrupted }
        let feed = try plan.makeFeed(stack, address)
        guard try awaitFeeds(stack, plan, address) else { return Self.interrupted }
        try Files.write("\(getpid())\n", to: stack.directory.readyFile)
        defer { unlink(stack.directory.readyFile) }
        try showAddresses(address, plan, feed)
        readiness.announce()
        return try play(feed, stack, address, settings)
    }

    private static let interrupted = Report(["stopped before everything was ready"], exitCode: 1)

    private func feedPlan(
        _ stack: PrivateStack, _ files: RecordedMarket?, _ settings: Configuration
    ) throws -> FeedPlan {
        let connection = try stack.connect()
        try stack.remember(StackEnvironment.feed, options.feed.kind.rawValue)
        switch options.feed.kind {
        case .none: return .none
        case .mexc: return .exchange()
        case .replay:
            guard let files else { return .none }
            let history = try MarketHistory.read(connection, feed: files.feed)
            return try .recorded(files, options.feed, history, settings)
        case .sim:
            let name = StackEnvironment.simulationOrigin
            let remembered = stack.environment[name].flatMap { Int64($0) }
            let simulation = Simulation(
                options.feed, remembered: remembered.map(Timestamp.init(milliseconds:)),
                last: try MarketHistory.read(connection, feed: "").lastTime,
                now: SystemClock.now())
            try stack.remember(name, "\(simulation.origin.milliseconds)")
            return .simulated(
                simulation, port: stack.environment[StackProgram.simulator.portVariable] ?? "")
        }
    }

    private func serviceEnvironment(_ plan: FeedPlan) -> [String: String] {
        var environment = context.environment
        if environment["ALLOW_INJECT"] == nil { environment["ALLOW_INJECT"] = "true" }
        return environment.merging(plan.environment) { $1 }
    }

    /// False when a stop was asked for meanwhile.
    private func awaitReadiness(_ stack: PrivateStack, _ programs: [StackProgram]) throws -> Bool {
        let missing = try missing(stack, programs, patience: Self.startPatience)
        guard missing.isEmpty else {
            let names = missing.map(\.name).joined(separator: ", ")
            throw CommandFailure.failed(
                "not ready within \(Self.startPatience / 1000) s: \(names); "
                    + "see the logs in \(stack.directory.logs)")
        }
        return !stop.isRequested
    }

    /// The real exchange may be away: that is told, and waited for while the stack runs.
    private func awaitFeeds(
        _ stack: PrivateStack, _ plan: FeedPlan, _ address: StackAddress
    ) throws -> Bool {
        guard options.feed.kind == .mexc else {
            return try awaitReadiness(stack, plan.programs.filter { $0 != .simulator })
        }
        let missing = try missing(stack, plan.programs, patience: Self.exchangePatience)
        for program in missing {
            let answer = try ReadinessAnswer.ask(address.url(of: program, "/readyz"))
            for failure in answer.failures { show("\(program.name): \(failure.detail)") }
        }
        isExchangeAway = !missing.isEmpty
        return !stop.isRequested
    }

    /// Those that are not ready in time; none when a stop was asked for meanwhile.
    private func missing(
        _ stack: PrivateStack, _ programs: [StackProgram], patience: Int64
    ) throws -> [StackProgram] {
        let deadline = SystemClock.monotonicMilliseconds + patience
        while !stop.isRequested {
            let now = SystemClock.monotonicMilliseconds
            if let reason = stack.check(at: now, show) { throw CommandFailure.failed(reason) }
            let missing = try stack.notReady(programs)
            if missing.isEmpty || now >= deadline { return missing }
            _ = Poller.wait(for: stop.fileDescriptor, .readable, milliseconds: Self.pause)
        }
        return []
    }

    private func showAddresses(
        _ stack: StackAddress, _ plan: FeedPlan, _ feed: any Feed
    ) throws {
        let redis = try stack.redis()
        let postgres = try stack.postgres()
        if isExchangeAway {
            show(
                "the stack runs without the exchange, and trades once it is there; "
                    + "--feed sim needs no network")
        } else {
            show("the stack is ready")
        }
        show("  redis          \(redis.host):\(redis.port)")
        show("  postgres       \(postgres.host):\(postgres.port), database \(postgres.database)")
        for program in StackProgram.services + plan.programs {
            let gap = String(repeating: " ", count: 15 - program.name.count)
            show("  \(program.name)\(gap)\(try stack.url(of: program, program.statusPath))")
        }
        show("  passwords      \(options.directory.environmentFile)")
        show("  feed           \(feed.title)")
    }

    // MARK: Ready

    private func play(
        _ feed: any Feed, _ stack: PrivateStack, _ address: StackAddress, _ settings: Configuration
    ) throws -> Report {
        let live =
            readiness.isDetached
            ? nil : LiveView(try address.redis(), isColoured: context.console.isTerminal)
        var supervisor = Supervisor(stack, feed, live: live, stop: stop, show: show)
        let started = SystemClock.monotonicMilliseconds
        let before = feed.progress.messages
        shownProgressAt = started
        let end = supervisor.run(
            milliseconds: options.milliseconds,
            endsWithFeed: options.feed.kind == .replay && options.milliseconds == nil
        ) { showProgress(feed, at: $0) }
        let milliseconds = SystemClock.monotonicMilliseconds - started
        show("stopping: \(text(end))")
        supervisor.drain()
        var report = try finish(stack, settings)
        let messages = feed.progress.messages - before
        report.lines.insert("\(messages) market_data in \(milliseconds) ms", at: 0)
        report.members += [
            .init("end", .text(text(end))), .init("market_data", .integer(messages)),
            .init("milliseconds", .integer(milliseconds)),
        ]
        report.exitCode = exitCode(end)
        return report
    }

    private func showProgress(_ feed: any Feed, at now: Int64) {
        guard now - shownProgressAt >= Self.progressInterval else { return }
        shownProgressAt = now
        let progress = feed.progress
        guard progress.messages > 0 else { return }
        let share = progress.doneInThousand.map { ProgressLine.bar($0) + " " } ?? ""
        let time = progress.marketTime.map { ", the market is at \($0.text)" } ?? ""
        show("\(share)\(progress.messages) market_data\(time)")
    }

    /// Waits until everything is handled, stops the services, and counts.
    private func finish(_ stack: PrivateStack, _ settings: Configuration) throws -> Report {
        let connection = try stack.connect()
        let deadline = SystemClock.monotonicMilliseconds + Self.settlePatience
        while try Settling.pending(connection) > 0, SystemClock.monotonicMilliseconds < deadline {
            _ = Poller.wait(for: -1, .readable, milliseconds: Self.pause)
        }
        stack.stop()
        let summary = try SummaryQuery.read(connection)
        let paper = settings.paperSettings()
        return Report(summary.lines(paper), summary.members(paper))
    }

    private func text(_ end: Supervisor.End) -> String {
        switch end {
        case .requested: "asked to"
        case .timeIsUp: "the time is up"
        case .feedFinished: "the data have ended"
        case .feedFailed(let reason): "the feed failed: \(reason)"
        case .hopeless(let reason): reason
        }
    }

    private func exitCode(_ end: Supervisor.End) -> Int32 {
        switch end {
        case .requested, .timeIsUp, .feedFinished: 0
        case .feedFailed, .hopeless: 1
        }
    }
}
