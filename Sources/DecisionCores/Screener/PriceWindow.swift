import CoreModels

/// The rolling window of one symbol: a ring of prices with the running total of turnover.
///
/// At an observation's time T and length L the *prices* of the window are those of T − L … T, both
/// ends included: with one-minute candles and 15 minutes the reference is the close 15 minutes ago.
/// The *turnover* traded is that after T − L: what came with the price at the edge itself was traded
/// before the window began, so 15 candles are 15 minutes. Of a cumulative turnover it is the
/// difference between now and the oldest price in the window.
struct PriceWindow: Sendable {
    private struct Entry {
        var time: Int64
        var price: Price
        /// Running total of turnover up to and including this entry.
        var total: Int128
    }

    /// Observations of one symbol held at most. Beyond that a new one adds its turnover to the
    /// newest held instead of a place of its own: the reference price gets coarser, nothing else.
    static let maximumEntries = 1 << 18
    private static let firstCapacity = 16

    private var ring: [Entry] = []
    // Absolute positions; the slot is the position masked by the ring's size, a power of two.
    private var first = 0
    private var firstCounted = 0
    private var end = 0
    /// Wraps: only differences within the window are used.
    private var total: Int128 = 0
    /// The total up to the last entry that no longer counts.
    private var totalBefore: Int128 = 0
    private var isCumulative = false

    /// Before the first price: the beginning of time.
    private(set) var lastTime = Int64.min

    /// The oldest price in the window, nil when it is empty.
    var oldest: Price? { first < end ? ring[first & (ring.count - 1)].price : nil }

    /// Quote turnover within the window, never negative.
    var volume: Money {
        guard isCumulative else { return Money(raw: total &- totalBefore) }
        guard first < end else { return .zero }
        return Money(raw: max(0, total &- ring[first & (ring.count - 1)].total))
    }

    /// Takes a price at a time not before the last one; false when the turnover does not fit.
    ///
    /// - Parameter step: one price is held per so many milliseconds, the first of each step; further
    ///   ones only add their turnover to it. 0 holds every price.
    @inline(__always)
    mutating func add(
        time: Int64, price: Price, turnover: Observation.Turnover, length: Int64, step: Int64
    ) -> Bool {
        let (edge, isBeforeTime) = time.subtractingReportingOverflow(length)
        expire(edge: isBeforeTime ? .min : edge)
        switch turnover {
        case .traded(let money):
            if isCumulative { restart(cumulative: false) }
            guard volume.adding(money) != nil else { return false }
            total &+= money.raw
        case .cumulative24h(let money):
            if !isCumulative { restart(cumulative: true) }
            total = money.raw
        }
        if step > 0 || end &- first == ring.count {
            join(Entry(time: time, price: price, total: total), step: step)
        } else {
            ring[end & (ring.count &- 1)] = Entry(time: time, price: price, total: total)
            end &+= 1
        }
        lastTime = time
        return true
    }

    /// Puts prices before the oldest one held; those that are not older, or not after the one before
    /// them, are left out. False when the turnover does not fit: then nothing has changed.
    ///
    /// - Parameter past: in order of time, turnover as traded. A window of cumulative turnover has
    ///   no place for it.
    mutating func backfill(
        _ past: [PastPrice], length: Int64, step: Int64
    ) -> Bool {
        guard !isCumulative, first < end else { return false }
        let mask = ring.count - 1
        var whole = PriceWindow()
        for price in past
        where price.time.milliseconds < ring[first & mask].time
            && price.time.milliseconds > whole.lastTime
        {
            let time = price.time.milliseconds
            guard
                whole.add(
                    time: time, price: price.price, turnover: .traded(price.turnover),
                    length: length, step: step)
            else { return false }
        }
        // The turnover of an oldest entry that no longer counts is not known any more, nor needed.
        var before = firstCounted == first ? totalBefore : ring[first & mask].total
        for position in first..<end {
            let entry = ring[position & mask]
            guard
                whole.add(
                    time: entry.time, price: entry.price,
                    turnover: .traded(Money(raw: entry.total &- before)), length: length, step: 0)
            else { return false }
            before = entry.total
        }
        whole.lastTime = lastTime
        self = whole
        return true
    }

    /// The two kinds of turnover cannot be mixed in one window.
    private mutating func restart(cumulative: Bool) {
        isCumulative = cumulative
        first = end
        firstCounted = end
        total = 0
        totalBefore = 0
    }

    @inline(__always)
    private mutating func expire(edge: Int64) {
        let end = end
        guard first < end else { return }
        ring.withUnsafeBufferPointer { ring in
            let mask = ring.count &- 1
            var oldest = ring[first & mask].time
            while oldest < edge {
                first &+= 1
                guard first < end else { break }
                oldest = ring[first & mask].time
            }
            var counted = max(first, firstCounted)
            // One at the edge itself has a price that counts and a turnover that does not.
            if oldest == edge {
                while counted < end, ring[counted & mask].time == edge { counted &+= 1 }
            }
            guard counted > firstCounted else { return }
            firstCounted = counted
            totalBefore = ring[(counted &- 1) & mask].total
        }
    }

    /// Adds an entry where the newest may stand for it or there is no room.
    private mutating func join(_ entry: Entry, step: Int64) {
        if step > 0, first < end {
            let newest = (end - 1) & (ring.count - 1)
            if ring[newest].time / step == entry.time / step {
                ring[newest].total = entry.total
                return
            }
        }
        if end - first == ring.count {
            guard ring.count < Self.maximumEntries else {
                ring[(end - 1) & (ring.count - 1)].total = entry.total
                return
            }
            grow(filler: entry)
        }
        ring[end & (ring.count - 1)] = entry
        end += 1
    }

    private mutating func grow(filler: Entry) {
        let capacity = max(Self.firstCapacity, ring.count * 2)
        var larger = Array(repeating: filler, count: capacity)
        for position in first..<end {
            larger[position & (capacity - 1)] = ring[position & (ring.count - 1)]
        }
        ring = larger
    }
}
