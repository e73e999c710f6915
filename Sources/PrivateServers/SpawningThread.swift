import Glibc
import Synchronization

/// A thread that never ends and makes every child of this process.
///
/// The kernel's "signal me when my parent ends" means the parent *thread*. The threads of a pool
/// come and go, and would take the servers they started with them.
final class SpawningThread: Sendable {
    static let shared = SpawningThread()

    private let jobs = Mutex<[Job]>([])
    private let bell = Bell()

    private init() {
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { _ in
                SpawningThread.shared.serve()
                return nil
            }, nil)
        precondition(failure == 0, "no thread to start children from")
        pthread_detach(thread)
    }

    /// Starts a child there and waits until it is started.
    func start(_ spawn: Spawn) -> Spawn.Outcome {
        let job = Job(spawn)
        jobs.withLock { $0.append(job) }
        bell.ring()
        return job.wait()
    }

    private func serve() {
        while true {
            bell.wait()
            jobs.withLock { $0.removeFirst() }.run()
        }
    }

    private final class Job: Sendable {
        private let spawn: Spawn
        private let outcome = Mutex(Spawn.Outcome(code: EAGAIN, identifier: 0))
        private let done = Bell()

        init(_ spawn: Spawn) {
            self.spawn = spawn
        }

        func run() {
            let result = spawn.start()
            outcome.withLock { $0 = result }
            done.ring()
        }

        func wait() -> Spawn.Outcome {
            done.wait()
            return outcome.withLock { $0 }
        }
    }
}
