public import CoreModels

/// What was counted since the first start.
public struct RiskCounters: Equatable, Sendable {
    public internal(set) var signalsReceived: Int64 = 0
    /// Signals that led to an order, trimmed ones included.
    public internal(set) var ordersApproved: Int64 = 0
    /// Orders risk started on its own.
    public internal(set) var protectiveOrders: Int64 = 0
    /// order_results that came again.
    public internal(set) var duplicateResults: Int64 = 0
    /// market_data more than 60 s ahead, without a positive price, or too large to value.
    public internal(set) var marketDataRefused: Int64 = 0
    private var rejected = [Int64](repeating: 0, count: RefusalReason.allCases.count)

    public init() {}

    mutating func reject(_ code: RefusalReason) {
        if let index = RefusalReason.allCases.firstIndex(of: code) { rejected[index] += 1 }
    }

    /// By code, sorted by its text; only those that happened.
    public var ordersRejected: [(code: RefusalReason, count: Int64)] {
        zip(RefusalReason.allCases, rejected).filter { $0.1 > 0 }.map { (code: $0.0, count: $0.1) }
            .sorted { $0.code.rawValue < $1.code.rawValue }
    }
}

extension RiskCounters {
    var rejectedValue: Value {
        .object(ordersRejected.map { .init($0.code.rawValue, .integer($0.count)) })
    }

    var value: Value {
        .object([
            .init("signals", .integer(signalsReceived)),
            .init("approved", .integer(ordersApproved)),
            .init("protective", .integer(protectiveOrders)),
            .init("duplicates", .integer(duplicateResults)),
            .init("refused", .integer(marketDataRefused)), .init("rejected", rejectedValue),
        ])
    }

    init?(_ value: Value) {
        guard let signals = value["signals"].integer, let approved = value["approved"].integer,
            let protective = value["protective"].integer,
            let duplicates = value["duplicates"].integer, let refused = value["refused"].integer,
            let members = value["rejected"].members
        else { return nil }
        signalsReceived = signals
        ordersApproved = approved
        protectiveOrders = protective
        duplicateResults = duplicates
        marketDataRefused = refused
        for member in members {
            guard let code = RefusalReason(rawValue: member.name), let count = member.value.integer,
                let index = RefusalReason.allCases.firstIndex(of: code)
            else { return nil }
            rejected[index] = count
        }
    }
}
