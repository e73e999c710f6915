public import CoreModels

// How an order ends: one result, remembered by its client id.
extension ExecutionCore {
    enum Outcome {
        case filled(PaperFill)
        case refused(ExecutionRefusal, String)
    }

    /// Stands in the result of a malformed order whose symbol cannot be read.
    public static let unreadableSymbol = "UNKNOWN_USDT"

    /// Answers an order that could not be decoded but has an id: REJECTED `INVALID_ORDER` with what
    /// could be read of it. `reason` says what is wrong, for people.
    public mutating func rejectMalformed(
        orderID: String, clientID: String? = nil, symbol: Symbol? = nil, side: Side? = nil,
        quantity: Quantity? = nil, reason: String, trace: String? = nil, at now: Timestamp,
        into events: inout [Event]
    ) {
        guard let symbol = symbol ?? Symbol(Self.unreadableSymbol) else {
            preconditionFailure("\(Self.unreadableSymbol) must be a symbol")
        }
        let envelope = Envelope(sequence: 0, id: orderID, trace: trace)
        let order = Order(
            envelope: envelope, orderID: orderID, clientID: clientID ?? orderID, symbol: symbol,
            side: side ?? .buy, quantity: quantity ?? .zero, timestamp: now)
        if let known = results.entry(order.clientID) {
            return answerAgain(known.result, order, into: &events)
        }
        statistics.ordersReceived += 1
        refuse(order, .invalidOrder, reason, at: now, into: &events)
    }

    mutating func refuse(
        _ order: Order, _ refusal: ExecutionRefusal, _ message: String? = nil, at now: Timestamp,
        into events: inout [Event]
    ) {
        settle(
            order, .refused(refusal, message ?? Self.message(refusal, order)), at: now,
            into: &events)
    }

    mutating func settle(
        _ order: Order, _ outcome: Outcome, at now: Timestamp, into events: inout [Event]
    ) {
        var result = OrderResult(
            envelope: numbers.next(
                .orderResults, cause: order.causeID, trace: order.envelope.trace),
            orderID: order.orderID, clientID: order.clientID, status: .filled,
            symbol: order.symbol, side: order.side, quantity: order.quantity,
            feeCurrency: order.symbol.quoteCurrency, timestamp: now)
        switch outcome {
        case .filled(let fill):
            result.status = fill.quantity == order.quantity ? .filled : .partiallyFilled
            result.filledQuantity = fill.quantity
            result.price = fill.price
            result.referencePrice = fill.quotePrice
            result.slippageBps = fill.slippageBps
            result.fee = fill.fee
        case .refused(let refusal, let message):
            result.status = refusal.status
            result.errorCode = refusal.rawValue
            result.errorMessage = message
        }
        statistics.count(result.status)
        lastResult = Self.summary(of: result)
        streamsChanged = true
        results.remember(result)
        events.append(.orderResult(result))
    }

    mutating func raise(_ draft: AlertDraft, at now: Timestamp, into events: inout [Event]) {
        streamsChanged = true
        events.append(
            .alert(
                Alert(
                    envelope: numbers.next(.alertsExecution), level: draft.level,
                    code: draft.code, message: draft.message, context: .object(draft.context),
                    source: .execution, timestamp: now)))
    }

    /// At most 32 characters of `[A-Za-z0-9_-]`, at least one.
    static func isClientID(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    static func whyInvalid(_ order: Order) -> String {
        isClientID(order.clientID)
            ? "quantity \(order.quantity) is not above zero"
            : "client_id is not 1 to 32 characters of A-Z, a-z, 0-9, _ and -"
    }

    private static func message(_ refusal: ExecutionRefusal, _ order: Order) -> String {
        switch refusal {
        case .noQuote: "no quote of \(order.symbol) that is fresh enough to fill against"
        case .endOfData: "the feed ended before a quote of \(order.symbol) came"
        case .invalidOrder: whyInvalid(order)
        case .noPosition: "no position in \(order.symbol) that a \(order.side.rawValue) reduces"
        case .noLiquidity: "too little turnover in \(order.symbol) to fill anything"
        case .overflow: "price × quantity is too large a number"
        case .paperReject: "rejected by PAPER_REJECT_RATE"
        }
    }

    private static func summary(of result: OrderResult) -> Value {
        .object([
            .init("order_id", .text(result.orderID)),
            .init("status", .text(result.status.rawValue)),
            .init("symbol", .symbol(result.symbol)),
            .init("side", .text(result.side.rawValue)),
            .init("filled_quantity", .number(result.filledQuantity)),
            .init("price", .number(result.price)),
            .init("error_code", .text(result.errorCode)),
            .init("timestamp", .time(result.timestamp)),
        ])
    }
}

extension Order {
    /// The id its result names as cause; an order made by hand may lack the envelope's.
    var causeID: String { envelope.id.isEmpty ? orderID : envelope.id }
}
