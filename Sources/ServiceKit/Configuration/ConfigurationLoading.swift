import CoreModels
import Glibc

extension Configuration {
    /// Reads the process' environment. Nil when the service must not start: then one line on
    /// standard error names every problem, and `main` exits with 1. Warnings are logged.
    public static func load(service: String) -> Configuration? {
        let configuration = Configuration(environment: processEnvironment(), service: service)
        guard configuration.problems.isEmpty else {
            Logger(
                service: service, level: .info, format: configuration.logFormat,
                fileDescriptor: Logger.standardError
            ).error(
                "configuration_refused", configuration.problems.joined(separator: "; "),
                [.init("problems", .list(configuration.problems.map { .text($0) }))])
            return nil
        }
        let logger = configuration.makeLogger()
        for warning in configuration.warnings {
            logger.warning("configuration_out_of_range", warning)
        }
        return configuration
    }

    /// The logger as `LOG_LEVEL` and `LOG_FORMAT` want it.
    public func makeLogger(fileDescriptor: Int32 = Logger.standardOutput) -> Logger {
        Logger(
            service: service, level: LogLevel(text("LOG_LEVEL")) ?? .info, format: logFormat,
            fileDescriptor: fileDescriptor)
    }

    /// The service's own HTTP port.
    public var httpPort: UInt16 {
        let name = service.hasPrefix("cdb_") ? service.dropFirst(4).uppercased() : service
        return UInt16(integer("CDB_\(name)_PORT"))
    }

    private var logFormat: LogLine.Format { text("LOG_FORMAT") == "text" ? .text : .json }

    /// The variables of the table, their files and their old names, as the process has them.
    public static func processEnvironment() -> [String: String] {
        var environment: [String: String] = [:]
        let names =
            ConfigurationTable.all.flatMap { [$0.name, $0.name + "_FILE"] }
            + ConfigurationTable.oldNames.map(\.old)
        for name in names {
            if let text = getenv(name) { environment[name] = String(cString: text) }
        }
        return environment
    }
}
