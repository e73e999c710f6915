import CoreModels
import EventSchema
import Glibc

/// CPU time of one market_data from bytes to a value and back.
enum CodecBench {
    static let rounds = 1_000_000

    static func run() throws {
        let data = MarketData(
            symbol: Symbol("BTC_USDT") ?? fallback,
            timestamp: Timestamp(milliseconds: 1_795_269_553_446), price: Price("45012.5") ?? .zero,
            bid: Price("45012.4"), ask: Price("45012.6"), volume: Money("2500000.25") ?? .zero,
            pctChange: Ratio("3.125") ?? .zero, source: .replay,
            reference: MarketReference(feed: "replay-b46b73f341f3988c", sequence: 123_456))
        let bytes = MarketDataCodec.encode(data)
        var decoder = MarketDataDecoder()
        var sum: Int128 = 0
        Bench.line("message", Double(bytes.count), "bytes")
        Bench.line(
            "decode",
            try nanoseconds {
                sum &+= try decoder.decode(bytes.span.bytes).price.raw
            }, "ns")
        var output: [UInt8] = []
        output.reserveCapacity(512)
        Bench.line(
            "encode",
            nanoseconds {
                output.removeAll(keepingCapacity: true)
                MarketDataCodec.encode(data, to: &output)
                sum &+= Int128(output.count)
            }, "ns")
        precondition(sum != 0, "the loops did nothing")
    }

    private static var fallback: Symbol { preconditionFailure("BTC_USDT is a symbol") }

    private static func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
        let started = cpuNanoseconds
        for _ in 0..<rounds { try body() }
        return Double(cpuNanoseconds - started) / Double(rounds)
    }

    private static var cpuNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
