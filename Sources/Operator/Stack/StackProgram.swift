import CoreModels
import Services

/// A program of a stack that listens on a port for HTTP.
enum StackProgram: Hashable {
    case service(Service)
    case feed(FeedService)
    /// The exchange on this machine, for those without one.
    case simulator

    static let services = Service.allCases.map(StackProgram.service)
    static let feeds = FeedService.allCases.map(StackProgram.feed)
    static let all = services + feeds + [.simulator]

    /// Of the executable, the log and the lines for people.
    var name: String {
        switch self {
        case .service(let service): service.rawValue
        case .feed(let feed): feed.rawValue
        case .simulator: "mexc_sim"
        }
    }

    /// The variable that names its port.
    var portVariable: String {
        switch self {
        case .service(.core): "CDB_CORE_PORT"
        case .service(.risk): "CDB_RISK_PORT"
        case .service(.execution): "CDB_EXECUTION_PORT"
        case .service(.writer): "CDB_WRITER_PORT"
        case .feed(.webSocket): "CDB_WS_PORT"
        case .feed(.rest): "CDB_REST_PORT"
        case .simulator: "MEXC_SIM_PORT"
        }
    }

    /// What tells how it is.
    var statusPath: String {
        switch self {
        case .service, .feed: "/status"
        case .simulator: "/sim/status"
        }
    }
}
