/// A numbered stream of decision events, with exactly one owner.
public enum Stream: String, Sendable, CaseIterable, Comparable {
    case signals
    case riskDecisions = "risk_decisions"
    case orders
    case orderResults = "order_results"
    case account
    case alertsCore = "alerts.cdb_core"
    case alertsRisk = "alerts.cdb_risk"
    case alertsExecution = "alerts.cdb_execution"
    case alertsWriter = "alerts.cdb_writer"

    public var owner: Service {
        switch self {
        case .signals, .alertsCore: .core
        case .riskDecisions, .orders, .account, .alertsRisk: .risk
        case .orderResults, .alertsExecution: .execution
        case .alertsWriter: .writer
        }
    }

    /// The id of the event with this sequence: `<stream>-<seq>`.
    public func id(_ sequence: Int64) -> String {
        guard sequence >= 0 else { return "\(rawValue)-\(sequence)" }
        let digits = UInt64(sequence)
        var length = rawValue.utf8.count + 2
        var rest = digits / 10
        while rest > 0 {
            length += 1
            rest /= 10
        }
        // As long as it is, so that a short one needs no memory of its own.
        return String(unsafeUninitializedCapacity: length) { buffer in
            var count = 0
            for byte in rawValue.utf8 {
                buffer[count] = byte
                count += 1
            }
            buffer[count] = UInt8(ascii: "-")
            guard let target = buffer.baseAddress else { return 0 }
            return count + 1 + DecimalDigits.write(digits, to: target + count + 1)
        }
    }

    /// In the order of declaration, which is the order batches are written in.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// Its place in `allCases`.
    var rank: Int {
        switch self {
        case .signals: 0
        case .riskDecisions: 1
        case .orders: 2
        case .orderResults: 3
        case .account: 4
        case .alertsCore: 5
        case .alertsRisk: 6
        case .alertsExecution: 7
        case .alertsWriter: 8
        }
    }
}

/// A service that owns streams.
public enum Service: String, Sendable, CaseIterable {
    case core = "cdb_core"
    case risk = "cdb_risk"
    case execution = "cdb_execution"
    case writer = "cdb_writer"

    /// The service's own stream of alerts.
    public var alerts: Stream {
        switch self {
        case .core: .alertsCore
        case .risk: .alertsRisk
        case .execution: .alertsExecution
        case .writer: .alertsWriter
        }
    }
}

/// What every decision event carries beside its content.
public struct Envelope: Equatable, Sendable {
    /// Contiguous from 1 per stream; 0 in a message made by hand, which has none.
    public var sequence: Int64
    /// `<stream>-<seq>`.
    public var id: String
    /// The id of the event that led to this one.
    public var cause: String?
    /// The id of the signal at the root.
    public var trace: String?

    public init(sequence: Int64, id: String, cause: String? = nil, trace: String? = nil) {
        self.sequence = sequence
        self.id = id
        self.cause = cause
        self.trace = trace
    }
}
