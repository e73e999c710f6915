import CoreModels

/// The highest and the lowest price of the last 300 s of exchange time.
///
/// Prices are sorted into the two queues a block at a time: within a block nearly all are passed by
/// a later one and never enter, so that a price costs a comparison and no guess of the processor's.
struct RangeWindow: Sendable {
    private var highs = ExtremeWindow(keepsHighest: true)
    private var lows = ExtremeWindow(keepsHighest: false)
    /// Seen and not sorted in yet: the first `count`, fewer than a block.
    private var latest: InlineArray<32, ExtremeWindow.Entry>
    private var count = 0
    private var lastTime = Int64.min

    init() { latest = .init(repeating: .init(time: 0, price: .zero)) }

    /// Nil before the first price.
    var highest: Price? { highs.extreme(with: latest.span.extracting(first: count)) }
    var lowest: Price? { lows.extreme(with: latest.span.extracting(first: count)) }

    /// A time that runs backwards counts as the latest known.
    @inline(__always)
    mutating func add(_ price: Price, at milliseconds: Int64) {
        lastTime = max(lastTime, milliseconds)
        latest[count] = .init(time: lastTime, price: price)
        count &+= 1
        if count == latest.count { settle() }
    }

    /// Sorts in what waits for it.
    mutating func settle() {
        guard count > 0 else { return }
        let block = latest.span.extracting(first: count)
        var place = count - 1
        var highest = block[place].price
        var lowest = highest
        // A bit for each price that none after it reaches, the first one's lowest.
        var high: UInt64 = 1
        var low: UInt64 = 1
        while place > 0 {
            place &-= 1
            let price = block[place].price
            let isHigher = price > highest
            let isLower = price < lowest
            high = high &<< 1 | (isHigher ? 1 : 0)
            low = low &<< 1 | (isLower ? 1 : 0)
            highest = isHigher ? price : highest
            lowest = isLower ? price : lowest
        }
        highs.add(block, kept: high)
        lows.add(block, kept: low)
        count = 0
    }
}

extension RangeWindow {
    /// As two members of a symbol's state.
    var values: [Value.Member] {
        var whole = self
        whole.settle()
        return [.init("high", whole.highs.value), .init("low", whole.lows.value)]
    }

    mutating func restore(_ value: Value) -> Bool {
        guard highs.restore(value["high"]), lows.restore(value["low"]) else { return false }
        lastTime = highs.lastTime ?? .min
        return true
    }
}
