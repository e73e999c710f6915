import CoreModels
import EventSchema
import ServiceKit

extension HealthEvent {
    /// What a service tells of itself on the bus.
    /// - Parameters:
    ///   - parameters: all that was configured, secrets left out.
    ///   - given: which of them the environment gave.
    ///   - exchange: of a feed, whether it reaches its exchange.
    init(
        _ board: StatusBoard, _ health: Health, parameters: [Value.Member], given: [String],
        exchange: [Value.Member] = []
    ) {
        let status: Status =
            switch health {
            case .ok: .ok
            case .degraded: .degraded
            case .error: .error
            }
        self.init(
            service: board.service, status: status, version: board.version,
            uptimeSeconds: board.uptimeSeconds,
            detail: .object(
                exchange + [
                    .init("reason", .text(health.reason)),
                    .init("parameters", .object(parameters)),
                    .init("given", .list(given.map { .text($0) })),
                ]), timestamp: SystemClock.now())
    }
}

extension Logger {
    /// A change of health.
    func health(_ health: Health) {
        switch health {
        case .ok: info("health", "ok")
        case .degraded(let reason): warning("health", "degraded: \(reason)")
        case .error(let reason): warning("health", "cannot do its job: \(reason)")
        }
    }
}
