import CoreModels
import DecisionCores

/// Books every fill again and compares with the account risk stated after it: cash moved by exactly
/// what the fills cost, and each position is the sum of its fills.
struct CashProof {
    /// Begins at zero: the capital it began with is what the first account shows above it.
    private var portfolio = PortfolioCore(cash: .zero)
    private var capital: Money?
    private var fills: ArraySlice<OrderResult> = []
    private var accounts: ArraySlice<(fill: Int64, account: Account)> = []
    private var resultsRead: Int64 = 0
    /// Accounts compared.
    private(set) var compared: Int64 = 0

    mutating func take(_ result: OrderResult) {
        resultsRead = result.envelope.sequence
        if result.filledQuantity.isPositive { fills.append(result) }
    }

    /// An order_result that could not be read.
    mutating func skip(_ sequence: Int64) { resultsRead = sequence }

    mutating func take(_ account: Account) {
        guard let cause = account.envelope.cause, let fill = EventID(cause),
            fill.stream == Stream.orderResults.rawValue
        else { return }
        accounts.append((fill.sequence, account))
    }

    /// Compares what can be compared so far.
    ///
    /// - Throws: `LedgerViolation` naming the account event.
    mutating func compare(isComplete: Bool) throws(LedgerViolation) {
        while let next = accounts.first, isComplete || next.fill <= resultsRead {
            accounts.removeFirst()
            book(upTo: next.fill)
            try compare(next.account)
        }
    }

    private mutating func book(upTo sequence: Int64) {
        while let fill = fills.first, fill.envelope.sequence <= sequence {
            fills.removeFirst()
            guard let price = fill.price else { continue }
            // What risk could not book either is in no account.
            _ = portfolio.book(
                fill.symbol, fill.side, quantity: fill.filledQuantity, price: price, fee: fill.fee)
        }
    }

    private mutating func compare(_ account: Account) throws(LedgerViolation) {
        compared += 1
        let began = account.cash - portfolio.cash
        let expected = capital ?? began
        capital = expected
        guard began == expected else {
            throw LedgerViolation(
                .cash, Stream.account.rawValue, account.envelope.sequence,
                "cash is \(account.cash), the fills make it \(expected + portfolio.cash)")
        }
        let stated = account.positions.map { "\($0.symbol) \($0.quantity)" }
        let booked = portfolio.positions.map { "\($0.symbol) \($0.quantity)" }
        guard stated == booked else {
            throw LedgerViolation(
                .positions, Stream.account.rawValue, account.envelope.sequence,
                "positions are [\(stated.joined(separator: ", "))],"
                    + " the fills make them [\(booked.joined(separator: ", "))]")
        }
    }
}
