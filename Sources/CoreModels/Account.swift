/// The account at one moment: after each fill and once per minute of market time.
public struct Account: Equatable, Sendable {
    public struct Position: Equatable, Sendable {
        public var symbol: Symbol
        /// Signed: negative is short.
        public var quantity: Quantity
        public var averageEntryPrice: Price
        public var lastPrice: Price
        public var unrealized: Money

        public init(
            symbol: Symbol, quantity: Quantity, averageEntryPrice: Price, lastPrice: Price,
            unrealized: Money
        ) {
            self.symbol = symbol
            self.quantity = quantity
            self.averageEntryPrice = averageEntryPrice
            self.lastPrice = lastPrice
            self.unrealized = unrealized
        }
    }

    public var envelope: Envelope
    public var equity: Money
    public var cash: Money
    public var exposure: Money
    public var inFlight: Money
    public var realizedToday: Money
    public var unrealized: Money
    public var dailyPnL: Money
    /// Percent of the day's start lost, never negative: 5.0 = 5 %.
    public var drawdownPct: Ratio
    public var dayStartEquity: Money
    /// Sorted by symbol.
    public var positions: [Position]
    /// `ACTIVE`, `PAUSED` or `HALTED`.
    public var trading: String
    public var timestamp: Timestamp

    public init(
        envelope: Envelope, equity: Money, cash: Money, exposure: Money, inFlight: Money,
        realizedToday: Money, unrealized: Money, dailyPnL: Money, drawdownPct: Ratio,
        dayStartEquity: Money, positions: [Position], trading: String, timestamp: Timestamp
    ) {
        self.envelope = envelope
        self.equity = equity
        self.cash = cash
        self.exposure = exposure
        self.inFlight = inFlight
        self.realizedToday = realizedToday
        self.unrealized = unrealized
        self.dailyPnL = dailyPnL
        self.drawdownPct = drawdownPct
        self.dayStartEquity = dayStartEquity
        self.positions = positions
        self.trading = trading
        self.timestamp = timestamp
    }
}
