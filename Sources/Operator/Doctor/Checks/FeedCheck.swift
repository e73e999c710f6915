import CoreModels

/// Whether the market comes in, and its clock agrees with ours.
struct FeedCheck: Check {
    /// Those of an exchange; empty when the market comes from files or by hand.
    let feeds: [ProgramAnswer]
    /// `DATA_STALE_TIMEOUT_SEC`, in milliseconds.
    let staleTimeout: Int64
    let words: RemedyWords

    private static let name = "market data"
    private static let clockLimit: Int64 = 2_000

    var findings: [Finding] {
        guard !feeds.isEmpty else {
            return [.ok(.feed, Self.name, "from files or by hand: no exchange is asked")]
        }
        return feeds.map(judge) + [clock]
    }

    private func judge(_ feed: ProgramAnswer) -> Finding {
        guard case .heard(let failures, let status) = feed.answer else {
            return .failed(
                .feed, Self.name, "\(feed.name) does not answer",
                remedy: "\(words.log(feed.name)); \(words.restart(feed.name))")
        }
        let remedy =
            "\(words.log(feed.name)); check MEXC_WS_URL, MEXC_REST_URL and the way to them"
            + " (curl -sS $MEXC_REST_URL/api/v1/contract/ping)"
        if let failure = failures.first(where: { $0.check == "feed" }) {
            return .failed(.feed, Self.name, "\(feed.name): \(failure.detail)", remedy: remedy)
        }
        guard let age = status["last_data_age_ms"].integer else {
            return .failed(.feed, Self.name, "\(feed.name) has had none yet", remedy: remedy)
        }
        guard age <= staleTimeout else {
            return .failed(
                .feed, Self.name, "\(feed.name): stale, the last came \(age) ms ago", remedy: remedy
            )
        }
        return .ok(.feed, Self.name, "\(feed.name): the last came \(age) ms ago")
    }

    private var clock: Finding {
        let skews = feeds.compactMap { $0.status["clock_skew_ms"].integer }
        guard let skew = skews.min(by: { $0.magnitude < $1.magnitude }) else {
            return .ok(.feed, "clock", "not compared with the exchange's")
        }
        let detail = "\(skew.magnitude) ms \(skew < 0 ? "behind" : "ahead of") the exchange's"
        guard skew.magnitude > UInt64(Self.clockLimit) else { return .ok(.feed, "clock", detail) }
        return .failed(
            .feed, "clock", detail, remedy: "timedatectl set-ntp true, or apt-get install chrony")
    }
}
