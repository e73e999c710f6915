import CoreModels
import EventSchema
import RedisBus
import ServiceKit

/// Hears everything on the bus during a soak, and finds what must not be there.
final class SoakWitness {
    /// Market data of one symbol that are remembered.
    private static let memory = 4_000

    private let subscriber: RedisSubscriber
    private var decoder = MarketDataDecoder()
    private var recent: [Symbol: [MarketData]] = [:]
    private var sequences: [String: Int64] = [:]
    private var orders: [String: Order] = [:]
    /// What must not be, in words; the first of many.
    private(set) var findings: [String] = []
    private(set) var marketData = 0
    private(set) var fills = 0
    /// Fills on the ask or bid of a book; the others were on the last price.
    private(set) var fillsOnQuote = 0
    /// Since `startOver`, by the socket: symbols, and those that came with a bid and an ask.
    private(set) var published: Set<Symbol> = []
    private(set) var quoted: Set<Symbol> = []

    static let channels = ["market_data", "orders", "order_results"]

    init(_ subscriber: RedisSubscriber) { self.subscriber = subscriber }

    func startOver() {
        published = []
        quoted = []
    }

    func listen() {
        subscriber.service(SystemClock.monotonicMilliseconds)
        subscriber.receive(limit: 100_000) { channel, bytes in
            let origin = Origin.foreign(at: SystemClock.now())
            do throws(EventError) {
                switch channel {
                case "market_data": heard(try decoder.decode(bytes.bytes))
                case "orders":
                    let order = try OrderCodec.decode(bytes, from: origin)
                    orders[order.orderID] = order
                default: heard(try OrderResultCodec.decode(bytes, from: origin))
                }
            } catch {
                find("what was published on \(channel) cannot be read: \(error)")
            }
        }
    }

    private func find(_ words: String) {
        if findings.count < 20 { findings.append(words) }
    }

    // MARK: - Market data

    private func heard(_ data: MarketData) {
        marketData += 1
        if (data.bid == nil) != (data.ask == nil) { find("a one-sided quote: \(data)") }
        if let bid = data.bid, let ask = data.ask, bid >= ask { find("a crossed quote: \(data)") }
        count(data)
        recent[data.symbol, default: []].append(data)
        if let known = recent[data.symbol]?.count, known > Self.memory {
            recent[data.symbol]?.removeFirst(known / 2)
        }
        guard data.source == .websocket else { return }
        published.insert(data.symbol)
        if data.bid != nil { quoted.insert(data.symbol) }
    }

    private func count(_ data: MarketData) {
        guard let reference = data.reference else { return find("no seq: \(data)") }
        if let last = sequences[reference.feed], reference.sequence != last + 1 {
            find("\(reference.feed) goes from \(last) to \(reference.sequence)")
        }
        sequences[reference.feed] = reference.sequence
    }

    // MARK: - Fills

    /// A fill is priced on something that was on the bus between its decision and its result: the
    /// ask or bid of a valid book or, where the book was withdrawn, the last price (no spread is
    /// assumed in a soak).
    private func heard(_ result: OrderResult) {
        guard result.filledQuantity.isPositive else { return }
        fills += 1
        guard let order = orders[result.orderID], let reference = result.referencePrice else {
            return find("\(result.orderID) was filled without order or reference price")
        }
        let seen = recent[result.symbol] ?? []
        guard let decision = seen.lastIndex(where: { $0.reference == order.market }) else {
            return find("\(result.orderID) was decided on \(order.market as Any), never published")
        }
        let possible = seen[decision...]
        let side = result.side
        if possible.contains(where: { side == .buy ? $0.ask == reference : $0.bid == reference }) {
            fillsOnQuote += 1
        } else if !possible.contains(where: { $0.bid == nil && $0.price == reference }) {
            find(
                "\(result.orderID) \(side) was filled at \(reference), which is none of \(possible)"
            )
        }
    }
}
