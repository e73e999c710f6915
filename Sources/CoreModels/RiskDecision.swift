/// What the risk engine decided, and why: one per signal and one per order it starts on its own.
public struct RiskDecision: Equatable, Sendable {
    public enum Verdict: String, Sendable, CaseIterable {
        case approved = "APPROVED"
        case trimmed = "TRIMMED"
        case rejected = "REJECTED"
    }

    /// One layer that was evaluated.
    public struct Check: Equatable, Sendable {
        public var layer: Int
        public var name: String
        /// What was measured: a number, or the reasons of a pause as text.
        public var value: Value
        public var limit: Value
        public var result: Outcome

        public enum Outcome: String, Sendable, CaseIterable {
            case pass
            case trim
            case reject
        }

        public init(layer: Int, name: String, value: Value, limit: Value, result: Outcome) {
            self.layer = layer
            self.name = name
            self.value = value
            self.limit = limit
            self.result = result
        }
    }

    /// The account as the engine saw it.
    public struct State: Equatable, Sendable {
        public var equity: Money
        public var dayStartEquity: Money
        public var dailyPnL: Money
        public var exposure: Money
        public var inFlight: Money
        /// `ACTIVE`, `PAUSED` or `HALTED`.
        public var trading: String

        public init(
            equity: Money, dayStartEquity: Money, dailyPnL: Money, exposure: Money,
            inFlight: Money, trading: String
        ) {
            self.equity = equity
            self.dayStartEquity = dayStartEquity
            self.dailyPnL = dailyPnL
            self.exposure = exposure
            self.inFlight = inFlight
            self.trading = trading
        }
    }

    public var envelope: Envelope
    public var signalID: String?
    public var symbol: Symbol
    public var side: Side
    public var verdict: Verdict
    /// The layer that rejected or trimmed; nil when all passed.
    public var layer: Int?
    public var code: RefusalReason
    public var quantity: Quantity
    /// The engine's own price; nil when it has none.
    public var price: Price?
    public var notional: Money
    public var orderID: String?
    public var checks: [Check]
    public var state: State
    public var market: MarketReference?
    public var timestamp: Timestamp

    public init(
        envelope: Envelope, signalID: String?, symbol: Symbol, side: Side, verdict: Verdict,
        layer: Int?, code: RefusalReason, quantity: Quantity, price: Price?, notional: Money,
        orderID: String?, checks: [Check], state: State, market: MarketReference?,
        timestamp: Timestamp
    ) {
        self.envelope = envelope
        self.signalID = signalID
        self.symbol = symbol
        self.side = side
        self.verdict = verdict
        self.layer = layer
        self.code = code
        self.quantity = quantity
        self.price = price
        self.notional = notional
        self.orderID = orderID
        self.checks = checks
        self.state = state
        self.market = market
        self.timestamp = timestamp
    }
}

/// Why a signal was refused: stable codes (docs/RISK.md).
public enum RefusalReason: String, Sendable, CaseIterable {
    /// Not refused.
    case ok = "OK"
    case halted = "HALTED"
    case paused = "PAUSED"
    case riskLimit = "RISK_LIMIT"
    case circuitBreaker = "CIRCUIT_BREAKER"
    case dataStale = "DATA_STALE"
    case positionLimit = "POSITION_LIMIT"
    case noPosition = "NO_POSITION"
    case insufficientFunds = "INSUFFICIENT_FUNDS"
    case minNotional = "MIN_NOTIONAL"
    case maxOpenPositions = "MAX_OPEN_POSITIONS"
    case backpressure = "BACKPRESSURE"
    /// A number from outside that fixed-point cannot hold.
    case overflow = "OVERFLOW"
}
