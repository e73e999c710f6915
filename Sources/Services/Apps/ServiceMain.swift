import CoreModels
import DecisionCores
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
        let name = Work.service.rawValue
        do {
            let stop = try StopSignal.install()
            guard let configuration = Configuration.load(service: name) else { return 1 }
            let logger = configuration.makeLogger()
            let context = Context(
                configuration: configuration, metrics: Metrics(service: name),
                commands: try CommandMailbox(), board: StatusBoard(service: name))
            let parts = makeParts(context)
            let server = try HTTPServer(
                address: configuration.text("CDB_BIND"), port: configuration.httpPort,
                routes: ServiceRoutes.standard(context.board, context.metrics) + parts.routes,
                logger: logger)
            defer { server.stop() }
            logger.info(
                "started", "\(name) \(BuildVersion.text) listens on port \(server.port)",
                configuration.described)
            return ServiceLoop(
                settings: ServiceSettings(configuration), logger: logger,
                metrics: ServiceMetrics(
                    context.metrics, service: Work.service, consumed: Work.consumed),
                board: context.board, stop: stop, commands: context.commands,
                work: parts.makeWork
            ).run()
        } catch {
            Logger(service: name, fileDescriptor: Logger.standardError)
                .error("cannot_start", "\(error)")
            return 1
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
        run(WriterWork.self) { _ in
            Parts(makeWork: { WriterWork() })
        }
    }
}
