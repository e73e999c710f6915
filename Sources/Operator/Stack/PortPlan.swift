import CoreModels

/// Which port each part of a stack listens on: the base for Redis, then in this order.
struct PortPlan: Equatable {
    /// Ports a stack keeps to itself, with room for the services to come.
    static let width = 16

    let base: Int

    var redis: Int { base }
    var postgres: Int { base + 1 }

    func port(of service: Service) -> Int {
        switch service {
        case .core: base + 2
        case .risk: base + 3
        case .execution: base + 4
        case .writer: base + 5
        }
    }

    /// All that are in use now.
    var all: [Int] { [redis, postgres] + Service.allCases.map(port) }

    /// Bases that `cdb up` tries when none is given.
    static let candidates = stride(from: 17_000, to: 27_000, by: width)

    /// The first plan whose ports are all free; nil when there is none.
    static func firstFree(_ isFree: (Int) -> Bool) -> PortPlan? {
        for base in candidates {
            let plan = PortPlan(base: base)
            if plan.all.allSatisfy(isFree) { return plan }
        }
        return nil
    }
}

extension Service {
    /// The variable that names this service's HTTP port.
    var portVariable: String {
        switch self {
        case .core: "CDB_CORE_PORT"
        case .risk: "CDB_RISK_PORT"
        case .execution: "CDB_EXECUTION_PORT"
        case .writer: "CDB_WRITER_PORT"
        }
    }
}
