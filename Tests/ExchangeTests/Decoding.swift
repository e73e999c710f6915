import CoreModels
import Exchange

/// What a frame says, or why it cannot be read.
func decode(_ frame: String) -> Result<ExchangeFact, ExchangeError> { decode(Array(frame.utf8)) }

func decode(_ frame: [UInt8]) -> Result<ExchangeFact, ExchangeError> {
    do throws(ExchangeError) {
        return .success(try MEXCContract().decode(frame: frame.span.bytes))
    } catch { return .failure(error) }
}

func decode(_ reply: String, to question: MarketQuestion) -> Result<ExchangeFact, ExchangeError> {
    decode(Array(reply.utf8), to: question)
}

func decode(
    _ reply: [UInt8], to question: MarketQuestion
) -> Result<ExchangeFact, ExchangeError> {
    do throws(ExchangeError) {
        return .success(try MEXCContract().decode(reply: reply.span.bytes, to: question))
    } catch { return .failure(error) }
}

extension Result where Failure == ExchangeError {
    var reason: ExchangeError.Reason? {
        if case .failure(let error) = self { error.reason } else { nil }
    }
}

// Literals of the tables. A text that is none stops the test.

func symbol(_ text: String) -> Symbol {
    guard let symbol = Symbol(text) else { preconditionFailure("no symbol: \(text)") }
    return symbol
}

func number<Unit>(_ text: String) -> Fixed<Unit> {
    guard let number = Fixed<Unit>(text) else { preconditionFailure("no number: \(text)") }
    return number
}

func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

func level(_ price: String, _ contracts: String) -> Book.Level {
    Book.Level(price: number(price), contracts: number(contracts))
}

let candleQuestion = MarketQuestion.candles(symbol("AB_USDT"), from: at(0), through: at(0))
