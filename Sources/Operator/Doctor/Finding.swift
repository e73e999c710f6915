/// What one check found.
struct Finding: Equatable, Sendable {
    enum Status: String {
        case ok, warning, failed
    }

    let point: CheckPoint
    /// A word or two: `maxmemory-policy`.
    let check: String
    let status: Status
    let detail: String
    /// The command or setting that mends it; nil where there is nothing to do.
    let remedy: String?

    static func ok(
        _ point: CheckPoint, _ check: String, _ detail: String, remedy: String? = nil
    ) -> Finding {
        Finding(point: point, check: check, status: .ok, detail: detail, remedy: remedy)
    }

    static func warning(
        _ point: CheckPoint, _ check: String, _ detail: String, remedy: String
    ) -> Finding {
        Finding(point: point, check: check, status: .warning, detail: detail, remedy: remedy)
    }

    static func failed(
        _ point: CheckPoint, _ check: String, _ detail: String, remedy: String
    ) -> Finding {
        Finding(point: point, check: check, status: .failed, detail: detail, remedy: remedy)
    }
}

/// The seven points of the summary, in the order in which one rests on the other.
enum CheckPoint: String, CaseIterable, Sendable {
    case configuration, ports
    case redis = "Redis"
    case postgres = "Postgres"
    case schema, services, feed
}

/// One question the doctor asks. Its properties are the facts, gathered before; what they mean is
/// judged without looking at anything else.
protocol Check: Sendable {
    var findings: [Finding] { get }
}
