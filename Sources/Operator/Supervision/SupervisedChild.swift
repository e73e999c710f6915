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
