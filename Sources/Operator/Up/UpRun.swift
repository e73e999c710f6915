import CoreModels
import Glibc
import Ledger
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
    private static let pause: Int64 = 20
    private static let progressInterval: Int64 = 5_000

    private let options: UpOptions
    private let context: Context
    private let readiness: Readiness
    private let stop: StopSignal
    private var shownProgressAt: Int64 = 0

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
        guard let plan = PortPlan.firstFree({ LoopbackPort.isFree(UInt16($0)) }) else {
            throw .failed("no free ports were found; name the first of some with --port-base")
        }
        return plan
    }

    /// What a service would refuse at its start is told before anything is started.
    private func checkConfiguration(_ environment: StackEnvironment) throws(CommandFailure) {
        var problems: [String] = []
        for service in Service.allCases {
            let configuration = Configuration(
                environment: environment.over(context.environment), service: service.rawValue)
            problems += configuration.problems.filter { !problems.contains($0) }
        }
        guard problems.isEmpty else { throw .failed(problems.joined(separator: "; ")) }
    }

    private func run(_ stack: PrivateStack, _ files: RecordedMarket?) throws -> Report {
        let settings = try stack.address(context.environment).allSettings()
        let plan = try feedPlan(stack, files, settings)
        try stack.startServices(serviceEnvironment(plan))
        defer { stack.stopServices() }
        guard try awaitReadiness(stack) else {
            return Report(["stopped before everything was ready"], exitCode: 1)
        }
        let address = stack.address(context.environment)
        let feed = try plan.makeFeed(address)
        try Files.write("\(getpid())\n", to: stack.directory.readyFile)
        defer { unlink(stack.directory.readyFile) }
        try showAddresses(address, feed)
        readiness.announce()
        return try play(feed, stack, address, settings)
    }

    private func feedPlan(
        _ stack: PrivateStack, _ files: RecordedMarket?, _ settings: Configuration
    ) throws -> FeedPlan {
        let connection = try stack.connect()
        switch options.feed.kind {
        case .none: return .none
        case .replay:
            guard let files else { return .none }
            let history = try MarketHistory.read(connection, feed: files.feed)
            return try .recorded(files, options.feed, history, settings)
        case .sim:
            let name = FeedPlan.simulationStart
            let remembered = stack.environment[name].flatMap { Int64($0) }
            let (plan, start) = try FeedPlan.simulated(
                options.feed, remembered: remembered.map(Timestamp.init(milliseconds:)), settings,
                now: SystemClock.now()
            ) { try MarketHistory.read(connection, feed: $0) }
            try stack.remember(name, "\(start.milliseconds)")
            return plan
        }
    }

    private func serviceEnvironment(_ plan: FeedPlan) -> [String: String] {
        var environment = context.environment
        if environment["ALLOW_INJECT"] == nil { environment["ALLOW_INJECT"] = "true" }
        return environment.merging(plan.environment) { $1 }
    }

    /// False when a stop was asked for meanwhile.
    private func awaitReadiness(_ stack: PrivateStack) throws -> Bool {
        let deadline = SystemClock.monotonicMilliseconds + Self.startPatience
        while !stop.isRequested {
            let now = SystemClock.monotonicMilliseconds
            if let reason = stack.check(at: now, show) { throw CommandFailure.failed(reason) }
            let missing = try stack.servicesNotReady()
            if missing.isEmpty { return true }
            guard now < deadline else {
                let names = missing.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure.failed(
                    "not ready within \(Self.startPatience / 1000) s: \(names); "
                        + "see the logs in \(stack.directory.logs)")
            }
            _ = Poller.wait(for: stop.fileDescriptor, .readable, milliseconds: Self.pause)
        }
        return false
    }

    private func showAddresses(_ stack: StackAddress, _ feed: any Feed) throws {
        let redis = try stack.redis()
        let postgres = try stack.postgres()
        show("the stack is ready")
        show("  redis          \(redis.host):\(redis.port)")
        show("  postgres       \(postgres.host):\(postgres.port), database \(postgres.database)")
        for service in Service.allCases {
            let name = service.rawValue
            let gap = String(repeating: " ", count: 15 - name.count)
            show("  \(name)\(gap)\(try stack.url(of: service, "/status"))")
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
        stack.stopServices()
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
