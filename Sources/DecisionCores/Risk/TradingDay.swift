public import CoreModels

/// The UTC day whose limits hold.
public struct TradingDay: Equatable, Sendable {
    /// 00:00 UTC; nil before the first input with a time.
    public internal(set) var start: Timestamp?
    /// Equity at `start`; at the first start the initial capital.
    public internal(set) var startEquity: Money
    /// `startEquity` × `MAX_DAILY_DRAWDOWN_PCT`.
    public private(set) var lossLimit: Money
    /// The last minute of market time an account was written for.
    var minute: Int64 = .min
    /// The first input's time: silence counts from it until the first market_data.
    var firstInput: Timestamp?

    init(startEquity: Money, limits: RiskLimits) {
        self.startEquity = startEquity
        lossLimit = limits.share(limits.maxDailyDrawdownPct, of: startEquity)
    }

    mutating func begin(at start: Timestamp?, equity: Money, _ limits: RiskLimits) {
        self.start = start
        startEquity = equity
        lossLimit = limits.share(limits.maxDailyDrawdownPct, of: equity)
    }

    static let length: Int64 = 86_400_000

    /// A moment of a later day than this one.
    func isOver(at moment: Timestamp) -> Bool {
        guard let start else { return true }
        return moment.since(start) >= Self.length
    }
}

extension TradingDay {
    var value: Value {
        .object([
            .init("start", start.map { .time($0) } ?? .null),
            .init("start_equity", .number(startEquity)), .init("minute", .integer(minute)),
            .init("first_input", firstInput.map { .time($0) } ?? .null),
        ])
    }

    init?(_ value: Value, limits: RiskLimits) {
        guard let equity = value["start_equity"].fixed(MoneyUnit.self),
            let minute = value["minute"].integer
        else { return nil }
        self.init(startEquity: equity, limits: limits)
        start = value["start"].time
        self.minute = minute
        firstInput = value["first_input"].time
    }
}
