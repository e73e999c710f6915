import CoreModels
import ServiceKit
import SimulatedExchange

/// Market time: from a start on, so many times as fast as the wall clock.
struct MarketClock {
    let start: Int64
    let speed: Ratio
    private let opened = SystemClock.monotonicNanoseconds

    init(start: Int64, speed: Ratio) {
        self.start = start
        self.speed = speed
    }

    var now: Moment {
        let elapsed = SystemClock.monotonicNanoseconds - opened
        let market = Int128(elapsed) * (speed.raw / 1_000_000) / 1_000_000_000_000_000_000
        return Moment(market: start + Int64(market), wall: elapsed / 1_000_000)
    }
}
