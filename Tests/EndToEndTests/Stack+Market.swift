import CoreModels
import ServiceKit

// What the tests do to the market.
extension Stack {
    /// A rise that makes the strategy buy, and one that it passes over.
    static let rise = "0.5"
    static let quiet = "0.1"

    /// The next message of this test's feed.
    func message(_ symbol: String, price: String = "45000.0", change: String) -> String {
        sent += 1
        return """
            {"type":"market_data","symbol":"\(symbol)","timestamp":\(SystemClock.now().milliseconds),\
            "price":\(price),"volume":1000000000,"pct_change":\(change),\
            "feed":"\(feed)","seq":\(sent)}
            """
    }

    /// One message of the feed, heard by everybody who is subscribed.
    func tick(
        _ symbol: String = "BTC_USDT", price: String = "45000.0", change: String = Stack.quiet
    ) throws {
        try publish("market_data", message(symbol, price: price, change: change))
    }

    /// Leads to one signal.
    func stimulate(_ symbol: String = "BTC_USDT") throws {
        try tick(symbol, change: Self.rise)
    }

    /// One signal, all the way to its result, until risk has booked it.
    func trade(_ symbol: String = "BTC_USDT") throws {
        let before = try count(.orderResults)
        try stimulate(symbol)
        try wait("a trade of \(symbol) is filled") { try count(.orderResults) > before }
        try wait("risk has booked it") {
            try number(
                """
                SELECT coalesce(max(seq), 0) FROM consumer_offset
                WHERE consumer = 'cdb_risk' AND stream = 'order_results'
                """) > before
        }
    }

    func count(_ stream: Stream) throws -> Int64 {
        try number("SELECT count(*) FROM ledger WHERE stream = '\(stream.rawValue)'")
    }

    /// Alerts of a service with this code.
    func alerts(_ service: Service, _ code: String) throws -> Int64 {
        try number(
            """
            SELECT count(*) FROM ledger WHERE stream = '\(service.alerts.rawValue)'
                AND payload->>'code' = '\(code)'
            """)
    }
}
