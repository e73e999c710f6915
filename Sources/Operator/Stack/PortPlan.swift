import CoreModels
import Services

/// Which port each part of a stack listens on: the base for Redis, then in this order.
struct PortPlan: Equatable {
    /// Ports a stack keeps to itself, with room for the services to come.
    static let width = 16

    let base: Int

    /// Who holds this one has the others, so that two stacks that start at once take different ones.
    var gate: Int { base + Self.width - 1 }
    var redis: Int { base }
    var postgres: Int { base + 1 }

    func port(of program: StackProgram) -> Int {
        switch program {
        case .service(.core): base + 2
        case .service(.risk): base + 3
        case .service(.execution): base + 4
        case .service(.writer): base + 5
        case .feed(.webSocket): base + 6
        case .feed(.rest): base + 7
        case .simulator: base + 8
        }
    }

    var all: [Int] { [redis, postgres] + StackProgram.all.map(port) }

    /// Bases that `cdb up` tries when none is given.
    static let candidates = stride(from: 17_000, to: 27_000, by: width)

    /// The first plan whose gate can be held and whose ports are all free; nil when there is none.
    static func firstFree(
        _ isFree: (Int) -> Bool, holding hold: (Int) -> Bool = { _ in true }
    ) -> PortPlan? {
        for base in candidates {
            let plan = PortPlan(base: base)
            if hold(plan.gate), plan.all.allSatisfy(isFree) { return plan }
        }
        return nil
    }
}
