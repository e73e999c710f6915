import CoreModels

/// The highest or lowest price of the last 300 s of exchange time: a monotonic queue, amortised
/// O(1) a price, in a ring that allocates only while it grows.
struct ExtremeWindow: Equatable, Sendable {
    static let span: Int64 = 300_000
    /// At the limit the last entry stands for its later neighbours too: the window then forgets an
    /// extreme later than it might, never earlier.
    static let entryLimit = 4096

    struct Entry: Equatable, Sendable {
        var time: Int64
        var price: Price
    }

    private let keepsHighest: Bool
    private var ring: [Entry] = []
    private var head = 0
    private var count = 0

    init(keepsHighest: Bool) { self.keepsHighest = keepsHighest }

    static func == (left: Self, right: Self) -> Bool {
        left.keepsHighest == right.keepsHighest && left.entries == right.entries
    }

    /// The extreme; nil before the first price.
    var extreme: Price? { count == 0 ? nil : ring[head].price }

    /// Oldest first.
    var entries: [Entry] { (0..<count).map { ring[slot($0)] } }

    /// A time that runs backwards counts as the latest known.
    mutating func add(_ price: Price, at milliseconds: Int64) {
        if count == ring.count, count < Self.entryLimit {
            grow(for: Entry(time: milliseconds, price: price))
        }
        let mask = ring.count &- 1
        var head = head
        var count = count
        let keepsHighest = keepsHighest
        ring.withUnsafeMutableBufferPointer { ring in
            var time = milliseconds
            if count > 0 {
                time = max(time, ring[(head &+ count &- 1) & mask].time)
                let oldest = Timestamp(milliseconds: time).advanced(by: -Self.span).milliseconds
                while count > 0, ring[head].time < oldest {
                    head = (head &+ 1) & mask
                    count &-= 1
                }
                while count > 0 {
                    let newest = ring[(head &+ count &- 1) & mask].price
                    guard keepsHighest ? price >= newest : price <= newest else { break }
                    count &-= 1
                }
            }
            if count == Self.entryLimit {
                ring[(head &+ count &- 1) & mask].time = time
            } else {
                ring[(head &+ count) & mask] = Entry(time: time, price: price)
                count &+= 1
            }
        }
        self.head = head
        self.count = count
    }

    mutating func append(_ entry: Entry) {
        if count == ring.count { grow(for: entry) }
        ring[slot(count)] = entry
        count += 1
    }

    private func slot(_ offset: Int) -> Int { (head + offset) & (ring.count - 1) }

    private mutating func grow(for filler: Entry) {
        var larger = entries
        larger.reserveCapacity(max(8, ring.count * 2))
        while larger.count < max(8, ring.count * 2) { larger.append(filler) }
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
