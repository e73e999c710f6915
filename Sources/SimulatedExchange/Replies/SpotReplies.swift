import CoreModels
import WireFormats

/// The public spot side of an exchange that has no spot pairs: lists are empty, and a pair that is
/// asked for does not exist.
struct SpotReplies {
    let time: Int64

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        switch request.path {
        case "/api/v3/ping": .json(.object([]))
        case "/api/v3/time": .json(.object([.init("serverTime", .integer(time))]))
        case "/api/v3/exchangeInfo":
            .json(
                .object([
                    .init("timezone", .text("CST")), .init("serverTime", .integer(time)),
                    .init("rateLimits", .list([])), .init("exchangeFilters", .list([])),
                    .init("symbols", .list([])),
                ]))
        case "/api/v3/ticker/24hr" where request.parameter("symbol") == nil: .json(.list([]))
        case "/api/v3/ticker/24hr", "/api/v3/klines", "/api/v3/depth":
            .json(
                .object([.init("code", .integer(-1121)), .init("msg", .text("Invalid symbol."))]),
                .badRequest)
        default: .problem(.notFound, "no such path")
        }
    }
}
