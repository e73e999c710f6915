/// Who is behind, and what nobody could read.
struct DeliveryCheck: Check {
    struct Count: Sendable, Equatable {
        let consumer: String
        let stream: String
        let count: Int64
    }

    /// Committed events that a consumer has not handled.
    let lags: [Count]
    let deadLetters: [Count]
    let words: RemedyWords

    /// As the alert ConsumerLag, and where risk refuses signals (`BACKPRESSURE_MAX_LAG`).
    private static let tolerated: Int64 = 100
    private static let tooFar: Int64 = 1_000

    var findings: [Finding] { lag + parked }

    private var lag: [Finding] {
        let behind = lags.filter { $0.count > Self.tolerated }
        guard !behind.isEmpty else { return [.ok(.services, "lag", "nobody is far behind")] }
        return behind.map { lag in
            let detail = "\(lag.consumer) is \(lag.count) events behind on \(lag.stream)"
            let remedy = "see that it runs, and how long commits take: \(words.log(lag.consumer))"
            return lag.count > Self.tooFar
                ? .failed(.services, "lag", detail, remedy: remedy)
                : .warning(.services, "lag", detail, remedy: remedy)
        }
    }

    private var parked: [Finding] {
        guard !deadLetters.isEmpty else { return [.ok(.services, "dead letters", "none")] }
        return deadLetters.map { parked in
            .warning(
                .services, "dead letters",
                "\(parked.consumer) could not read \(parked.count) of \(parked.stream)",
                remedy: "\(words.cdb("verify")), then docs/OPERATIONS.md, Alert DEAD_LETTER")
        }
    }
}
