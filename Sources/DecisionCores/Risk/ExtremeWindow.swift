import CoreModels

/// The highest or lowest price of the last 300 s of exchange time: a monotonic queue, amortised
/// O(1) a price, in a ring that allocates only while it grows.
struct ExtremeWindow: Sendable {
    static let span: Int64 = 300_000
    /// At the limit the last entry stands for its later neighbours too: the window then forgets an
    /// extreme later than it might, never earlier.
    static let entryLimit = 4096

    struct Entry: Equatable, Sendable {
        var time: Int64
        var price: Price
    }

    /// What turns a price into a number that is larger the further out it lies.
    private let mask: Int128
    private var ring: [Entry] = []
    private var head = 0
    private var count = 0

    init(keepsHighest: Bool) { mask = keepsHighest ? 0 : -1 }

    /// The extreme; nil before the first price.
    var extreme: Price? { count == 0 ? nil : ring[head].price }

    /// The extreme, also of `later`, which came after all others; nil when there is none.
    func extreme(with later: Span<Entry>) -> Price? {
        let edge = later.isEmpty ? .min : Self.edge(later[later.count - 1].time)
        var extreme = (0..<count).lazy.map { ring[slot($0)] }.first { $0.time >= edge }?.price
        for place in later.indices where later[place].time >= edge {
            if let known = extreme, distance(later[place].price) <= distance(known) { continue }
            extreme = later[place].price
        }
        return extreme
    }

    /// Of the newest price; nil before the first.
    var lastTime: Int64? { count == 0 ? nil : ring[slot(count - 1)].time }

    /// Oldest first.
    var entries: [Entry] { (0..<count).map { ring[slot($0)] } }

    /// A time that runs backwards counts as the latest known.
    mutating func add(_ price: Price, at milliseconds: Int64) {
        let time = max(milliseconds, lastTime ?? .min)
        if count < Self.entryLimit { makeRoom(for: 1) }
        expire(Self.edge(time))
        giveWay(to: price)
        if count == Self.entryLimit {
            ring[slot(count - 1)].time = time
        } else {
            append(Entry(time: time, price: price))
        }
    }

    /// As many single ones, at most 64 and not none, whose times do not run backwards.
    ///
    /// - Parameter kept: a bit for each that none after it reaches, the first one's lowest; the
    ///   others never enter.
    mutating func add(_ block: Span<Entry>, kept: UInt64) {
        guard count + block.count <= Self.entryLimit else {
            for place in block.indices { add(block[place].price, at: block[place].time) }
            return
        }
        makeRoom(for: block.count)
        giveWay(to: block[kept.trailingZeroBitCount].price)
        var kept = kept
        while kept != 0 {
            append(block[kept.trailingZeroBitCount])
            kept &= kept - 1
        }
        expire(Self.edge(block[block.count - 1].time))
    }

    private static func edge(_ time: Int64) -> Int64 {
        Timestamp(milliseconds: time).advanced(by: -span).milliseconds
    }

    private func distance(_ price: Price) -> Int128 { price.raw ^ mask }

    private mutating func expire(_ edge: Int64) {
        while count > 0, ring[head].time < edge {
            head = slot(1)
            count -= 1
        }
    }

    /// Takes out what this price passes or equals.
    private mutating func giveWay(to price: Price) {
        while count > 0, distance(ring[slot(count - 1)].price) <= distance(price) { count -= 1 }
    }

    mutating func append(_ entry: Entry) {
        makeRoom(for: 1)
        ring[slot(count)] = entry
        count += 1
    }

    private func slot(_ offset: Int) -> Int { (head &+ offset) & (ring.count &- 1) }

    private mutating func makeRoom(for more: Int) {
        if count + more > ring.count { grow(for: more) }
    }

    private mutating func grow(for more: Int) {
        var size = max(8, ring.count)
        while size < count + more { size *= 2 }
        var larger = entries
        larger.reserveCapacity(size)
        while larger.count < size { larger.append(Entry(time: 0, price: .zero)) }
        ring = larger
        head = 0
    }
}

extension ExtremeWindow {
    /// Compact: time, price, time, price, …
    var value: Value {
        .list(entries.flatMap { [Value.integer($0.time), .number($0.price)] })
    }

    mutating func restore(_ value: Value) -> Bool {
        guard let list = value.list, list.count.isMultiple(of: 2),
            list.count / 2 <= Self.entryLimit
        else { return false }
        for index in stride(from: 0, to: list.count, by: 2) {
            guard let time = list[index].integer,
                let price = list[index + 1].fixed(PriceUnit.self)
            else { return false }
            append(Entry(time: time, price: price))
        }
        return true
    }
}
