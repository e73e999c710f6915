import Exchange
import WebTransport

/// Why a question to REST brought no fact.
struct RESTFault: Error, Equatable, CustomStringConvertible {
    /// For `health`: `TIMEOUT`, `HTTP_500`, `RATE_LIMITED`, …
    var code: String
    /// For people: names the question, the address where it matters, and the cause.
    var description: String
    /// Too many requests: a pause is due, as long as the exchange says where it says so.
    var isRateLimit = false
    var retryAfterSeconds: Int?
    /// The exchange understood and refused this very question: others may fare better.
    var isAboutQuestion = false

    init(_ error: RESTError) {
        code = error.kind.rawValue.uppercased()
        description = error.description
    }

    init(status answer: RESTAnswer, path: String) {
        // 418 is for those who did not listen to 429.
        isRateLimit = [429, 418].contains(answer.status)
        retryAfterSeconds = answer.retryAfterSeconds
        code = isRateLimit ? "RATE_LIMITED" : "HTTP_\(answer.status)"
        description = "\(path) was answered with HTTP \(answer.status)"
    }

    init(_ error: ExchangeError, path: String) {
        code = error.reason.rawValue.uppercased()
        description = "\(path): \(error)"
        switch error.reason {
        case .rateLimited: isRateLimit = true
        case .refused: isAboutQuestion = true
        case .malformed, .missingField, .invalidField: break
        }
    }
}
