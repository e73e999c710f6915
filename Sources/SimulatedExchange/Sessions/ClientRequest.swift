import CoreModels
import WireFormats

/// A text that a client has sent over the socket, understood as far as the exchange does.
enum ClientRequest: Equatable, Sendable {
    case ping
    case subscribe(Topic, contract: String?)
    /// The channel alone says which: the reply names it.
    case unsubscribe(channel: String, contract: String?)
    /// A parameter is missing or wrong; the exchange's words.
    case wrong(String)
    /// No JSON or no known method: the exchange stays silent.
    case unknown

    static let depthLimits = [5, 10, 20, 50]
    private static let channels = [
        "tickers", "ticker", "deal", "depth", "depth.full", "kline", "funding.rate", "index.price",
        "fair.price", "contract", "event.contract",
    ]

    /// The parameters stand under `param` or `params`.
    init(_ bytes: [UInt8]) {
        guard let text = Self.parse(bytes), let method = text["method"].text else {
            self = .unknown
            return
        }
        let parameters = text["param"] == .null ? text["params"] : text["param"]
        let contract = parameters["symbol"].text
        if method == "ping" {
            self = .ping
        } else if let channel = Self.channel(method, after: "unsub.") {
            self = .unsubscribe(channel: channel, contract: contract)
        } else if let channel = Self.channel(method, after: "sub.") {
            self = Self.subscription(to: channel, parameters, contract)
        } else {
            self = .unknown
        }
    }

    private static func parse(_ bytes: [UInt8]) -> Value? {
        do throws(JSONError) {
            return try JSONDocument.parse(bytes)
        } catch {
            return nil  // Whatever is wrong with it, the exchange says nothing.
        }
    }

    private static func channel(_ method: String, after prefix: String) -> String? {
        guard method.hasPrefix(prefix) else { return nil }
        let channel = String(method.dropFirst(prefix.count))
        return channels.contains(channel) ? channel : nil
    }

    private static func subscription(
        to channel: String, _ parameters: Value, _ contract: String?
    ) -> ClientRequest {
        switch channel {
        case "tickers": return .subscribe(.tickers, contract: nil)
        case "ticker": return .subscribe(.ticker, contract: contract)
        case "deal": return .subscribe(.deals, contract: contract)
        case "depth":
            let isMerged = parameters["compress"].flag ?? true
            return .subscribe(.depth(isMerged: isMerged), contract: contract)
        case "depth.full":
            guard let limit = parameters["limit"].integer,
                depthLimits.contains(Int(clamping: limit))
            else { return .wrong("Parameter [limit] is invalid") }
            return .subscribe(.depthFull(limit: Int(limit)), contract: contract)
        case "kline":
            guard let interval = CandleInterval(rawValue: parameters["interval"].text ?? "") else {
                return .wrong("Parameter [interval] is invalid")
            }
            return .subscribe(.candles(interval), contract: contract)
        case "funding.rate": return .subscribe(.fundingRate, contract: contract)
        case "index.price": return .subscribe(.indexPrice, contract: contract)
        case "fair.price": return .subscribe(.fairPrice, contract: contract)
        case "contract": return .subscribe(.contracts, contract: nil)
        case "event.contract": return .subscribe(.eventContracts, contract: nil)
        default: return .unknown
        }
    }
}
