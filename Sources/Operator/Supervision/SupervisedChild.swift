import PrivateServers

/// A child process of a stack that can be started again.
protocol Restartable: AnyObject {
    /// How it ended, or nil while it runs.
    var exitStatus: ExitStatus? { get }

    func restart() throws
}

extension PrivateRedis: Restartable {}
extension PrivatePostgres: Restartable {}

/// Keeps one child alive.
struct SupervisedChild {
    enum Finding: Equatable {
        case alive
        /// It ended like this and is started again after the pause.
        case died(String, pauseMilliseconds: Int64)
        case waiting
        case restarted
        /// It ended too often.
        case hopeless(String)
    }

    let name: String
    let child: any Restartable
    private var policy = RestartPolicy()
    private var restartAt: Int64?

    init(_ name: String, _ child: any Restartable) {
        self.name = name
        self.child = child
    }

    /// Looks after it at `now`, in milliseconds of a clock that never goes back.
    mutating func check(at now: Int64) -> Finding {
        if let restartAt {
            guard now >= restartAt else { return .waiting }
            do {
                try child.restart()
                self.restartAt = nil
                return .restarted
            } catch { return died("\(error)", at: now) }
        }
        guard let status = child.exitStatus else { return .alive }
        return died("\(status)", at: now)
    }

    private mutating func died(_ reason: String, at now: Int64) -> Finding {
        switch policy.died(at: now) {
        case .giveUp: return .hopeless(reason)
        case .restart(let pause):
            restartAt = now + pause
            return .died(reason, pauseMilliseconds: pause)
        }
    }
}

extension [SupervisedChild] {
    /// Looks after all; starts dead ones again.
    ///
    /// - Parameters:
    ///   - logTail: the end of the log of the child with this name.
    ///   - notice: is told what happened.
    /// - Returns: why there is no hope, when a child dies again and again.
    mutating func check(
        at now: Int64, logTail: (String) -> String, _ notice: (String) -> Void
    ) -> String? {
        for index in indices {
            let name = self[index].name
            switch self[index].check(at: now) {
            case .alive, .waiting: break
            case .died(let reason, let pause):
                notice("\(name) ended (\(reason)); starting it again in \(pause) ms")
            case .restarted: notice("\(name) runs again")
            case .hopeless(let reason):
                return "\(name) ended \(RestartPolicy.limit) times within a minute, at last with "
                    + "\(reason); its log ends with:\n\(logTail(name))"
            }
        }
        return nil
    }
}
