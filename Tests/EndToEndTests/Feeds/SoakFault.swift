/// A fault of the simulator, and the series that has to tell of it.
struct SoakFault: Sendable {
    /// As mexc_sim calls it.
    let name: String
    /// How long it lasts, milliseconds; zero: it happens once.
    var milliseconds: Int64 = 0
    var value: Int64?
    /// Whose metric tells: `cdb_ws` or `cdb_rest`.
    var feed = "cdb_ws"
    let metric: String
    /// Of its series, those with this label.
    let label: String
    /// It shows on a new connection only: the open one is cut.
    var needsConnection = false

    var series: String { "\(metric){\(label)}" }

    private init(
        _ name: String, milliseconds: Int64 = 0, value: Int64? = nil, feed: String = "cdb_ws",
        _ series: (metric: String, label: String), needsConnection: Bool = false
    ) {
        self.name = name
        self.milliseconds = milliseconds
        self.value = value
        self.feed = feed
        (metric, label) = series
        self.needsConnection = needsConnection
    }

    /// As `POST /sim/faults` takes it.
    var order: String {
        let value = value.map { #","value":\#($0)"# } ?? ""
        return #"{"fault":"\#(name)","for_ms":\#(milliseconds)\#(value)}"#
    }

    /// All there are. A short soak gets as far as its time allows: the important ones come first.
    static let all = [
        SoakFault("crossed_book", milliseconds: 1_000, rejected("book_crossed")),
        SoakFault("cut_mid_frame", fault("closed_lost")),
        SoakFault("stale", milliseconds: 4_000, fault("data_gap")),
        SoakFault("refuse_connections", milliseconds: 1_500, fault("closed_refused")),
        SoakFault("version_regression", milliseconds: 1_500, rejected("book_version")),
        SoakFault("rest_510", milliseconds: 3_000, feed: "cdb_rest", asked("510")),
        SoakFault("one_sided_book", milliseconds: 1_000, rejected("book_one_sided")),
        SoakFault("half_frame", milliseconds: 1_000, fault("closed_lost")),
        SoakFault("wrong_json", fault("frame_malformed")),
        SoakFault("idle_close_notice", fault("idle_notice")),
        SoakFault(
            "duplicate_acks", milliseconds: 4_000, fault("unexpected_acknowledgement"),
            needsConnection: true),
        SoakFault(
            "slow_pong", milliseconds: 4_000, value: 1_500, fault("late_pong"),
            needsConnection: true),
        SoakFault("unknown_contract", milliseconds: 1_000, fault("complaint")),
        SoakFault("rest_500", milliseconds: 3_000, feed: "cdb_rest", asked("500")),
        SoakFault(
            "rest_slow", milliseconds: 3_000, value: 3_000, feed: "cdb_rest", fault("rest_slow")),
        SoakFault("rest_429", milliseconds: 3_000, feed: "cdb_rest", asked("429")),
        SoakFault("clock_skew", milliseconds: 6_000, value: 3_000, fault("clock_skew")),
        SoakFault("deal_object", milliseconds: 3_000, fault("old_deal_form")),
        SoakFault("deal_array", ("cdb_exchange_messages_total", #"kind="trades""#)),
        SoakFault("unknown_channel", fault("unknown_channel")),
        SoakFault("gzip_frames", milliseconds: 2_000, fault("gzip_frame")),
        SoakFault("big_frame", fault("big_frame")),
    ]

    private static func fault(_ kind: String) -> (metric: String, label: String) {
        ("cdb_exchange_faults_total", #"kind="\#(kind)""#)
    }

    private static func rejected(_ reason: String) -> (metric: String, label: String) {
        ("cdb_market_data_rejected_total", #"reason="\#(reason)""#)
    }

    private static func asked(_ status: String) -> (metric: String, label: String) {
        ("cdb_rest_requests_total", #"status_code="\#(status)""#)
    }
}
