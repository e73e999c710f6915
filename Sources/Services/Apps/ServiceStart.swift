import ServiceKit

/// What every service has before its loop begins.
struct ServiceStart {
    let configuration: Configuration
    let logger: Logger
    let stop: StopSignal
    let metrics: Metrics
    let board: StatusBoard

    /// Signals, configuration, log; then `body`, whose exit code is returned: 0 stopped, 1 cannot
    /// go on.
    static func run(_ name: String, _ body: (ServiceStart) throws -> Int32) -> Int32 {
        do {
            let stop = try StopSignal.install()
            guard let configuration = Configuration.load(service: name) else { return 1 }
            return try body(
                ServiceStart(
                    configuration: configuration, logger: configuration.makeLogger(), stop: stop,
                    metrics: Metrics(service: name), board: StatusBoard(service: name)))
        } catch {
            Logger(service: name, fileDescriptor: Logger.standardError)
                .error("cannot_start", "\(error)")
            return 1
        }
    }

    /// Serves the standard paths and these; to be stopped by the caller.
    func serve(_ routes: [HTTPRoute]) throws(HTTPServerError) -> HTTPServer {
        let server = try HTTPServer(
            address: configuration.text("CDB_BIND"), port: configuration.httpPort,
            routes: ServiceRoutes.standard(board, metrics) + routes, logger: logger)
        logger.info(
            "started", "\(board.service) \(BuildVersion.text) listens on port \(server.port)",
            configuration.described)
        return server
    }
}
