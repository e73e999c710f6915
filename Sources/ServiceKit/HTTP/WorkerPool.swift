/// A few threads that run jobs which may wait; bounded, first come first served.
final class WorkerPool: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State: Sendable {
        var jobs: [Job] = []
        var isStopping = false
    }

    private let state = Monitor(State())
    private let capacity: Int
    private let threads: [ServiceThread]

    /// At most `capacity` jobs wait for a worker.
    init(workers: Int, capacity: Int) throws(SystemError) {
        self.capacity = capacity
        var threads: [ServiceThread] = []
        for number in 0..<workers {
            threads.append(
                try ServiceThread("http-worker-\(number)") { [state] in Self.work(state) })
        }
        self.threads = threads
    }

    /// False when too many jobs wait already.
    func submit(_ job: @escaping Job) -> Bool {
        state.update { state in
            guard !state.isStopping, state.jobs.count < capacity else { return false }
            state.jobs.append(job)
            return true
        }
    }

    /// Lets the jobs in hand end, drops those that wait, ends the threads.
    func stop() {
        state.update {
            $0.isStopping = true
            $0.jobs = []
        }
        for thread in threads { thread.join() }
    }

    private static func work(_ state: Monitor<State>) {
        while true {
            let job: Job?? = state.wait(milliseconds: nil) { state in
                if state.isStopping { return .some(nil) }
                return state.jobs.isEmpty ? nil : .some(state.jobs.removeFirst())
            }
            guard let job, let job else { return }
            job()
        }
    }
}
