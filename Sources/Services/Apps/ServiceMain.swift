import CoreModels
import DecisionCores
import Glibc
import ServiceKit

/// The `main` of every service: configuration, HTTP, loop.
public enum ServiceMain {
    /// What a service adds to the standard.
    struct Parts<Work: ServiceWork> {
        var makeWork: () -> Work
        var routes: [HTTPRoute] = []
    }

    /// What the parts are built from.
    struct Context {
        let configuration: Configuration
        let metrics: Metrics
        let commands: CommandMailbox
        let board: StatusBoard
    }

    /// Runs a service to its end. Returns the exit code: 0 stopped, 1 cannot go on.
    static func run<Work: ServiceWork>(
        _ work: Work.Type, _ makeParts: (Context) -> Parts<Work>
    ) -> Int32 {
        ServiceStart.run(Work.service.rawValue) { start in
            let context = Context(
                configuration: start.configuration, metrics: start.metrics,
                commands: try CommandMailbox(), board: start.board)
            let parts = makeParts(context)
            let server = try start.serve(parts.routes)
            defer { server.stop() }
            return ServiceLoop(
                settings: ServiceSettings(start.configuration), logger: start.logger,
                metrics: ServiceMetrics(
                    start.metrics, service: Work.service, consumed: Work.consumed),
                board: start.board, stop: start.stop, commands: context.commands,
                work: parts.makeWork
            ).run()
        }
    }

    /// cdb_ws and cdb_rest.
    public static func feed(_ service: FeedService) -> Int32 {
        ServiceStart.run(service.rawValue) { start in
            let movers = MoverBoard()
            let loop = try FeedLoop(
                settings: FeedSettings(start.configuration, service), start: start, movers: movers)
            let server = try start.serve(movers.routes)
            defer { server.stop() }
            return loop.run()
        }
    }

    public static func core() -> Int32 {
        run(CoreWork.self) { context in
            let settings = context.configuration.signalSettings
            let metrics = CoreMetrics(context.metrics)
            return Parts(makeWork: { CoreWork(settings: settings, metrics: metrics) })
        }
    }

    public static func risk() -> Int32 {
        run(RiskWork.self) { context in
            let limits = context.configuration.riskLimits(
                candleSeconds: context.configuration.integer("CDB_CANDLE_SEC"))
            let metrics = RiskMetrics(context.metrics, limits: limits)
            return Parts(
                makeWork: { RiskWork(limits: limits, metrics: metrics) },
                routes: RiskRoutes.all(context))
        }
    }

    public static func execution() -> Int32 {
        run(ExecutionWork.self) { context in
            let settings = context.configuration.paperSettings(
                candleSeconds: context.configuration.integer("CDB_CANDLE_SEC"))
            let metrics = ExecutionMetrics(context.metrics)
            let orders = RecentOrders()
            return Parts(
                makeWork: { ExecutionWork(settings: settings, metrics: metrics, recent: orders) },
                routes: [orders.route])
        }
    }

    public static func writer() -> Int32 {
        // Nobody waits for a row: the processor is for those who decide.
        _ = nice(10)
        return run(WriterWork.self) { _ in
            Parts(makeWork: { WriterWork() })
        }
    }
}
