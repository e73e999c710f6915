import CoreModels
import Foundation
import Testing

@testable import ServiceKit

@Suite("Metrics")
struct MetricsTests {
    private func page(_ metrics: Metrics) -> String {
        var page: [UInt8] = []
        metrics.emit(into: &page)
        return String(decoding: page, as: UTF8.self)
    }

    /// Everything before the part that differs from process to process.
    private func ours(_ metrics: Metrics) -> String {
        let text = page(metrics)
        let end = text.range(of: "# HELP process_")?.lowerBound ?? text.endIndex
        return String(text[..<end])
    }

    private func sample() -> Metrics {
        let metrics = Metrics(service: "cdb_risk", version: "1.2.3")
        let orders = metrics.counter(
            "cdb_orders_rejected_total", "Orders \\ rejected\nby code.",
            labels: ["symbol", "reason_code"])
        orders.with("ETH_USDT", "PAUSED").increment(by: 3)
        orders.with("BTC_USDT", "a\"b\\c\nd").increment()
        orders.with("BTC_USDT", "RISK_LIMIT").increment()
        orders.with("ETH_USDT", "PAUSED").increment()
        metrics.gauge("cdb_equity_usd", "Equity.").with().set(-0.5)
        let size = metrics.histogram("cdb_approved_order_size", "Size.", bounds: [1, 2.5])
        for value in [0.5, 1, 2, 99] { size.with().observe(value) }
        metrics.health.set(1)
        return metrics
    }

    static let golden = #"""
        # HELP cdb_build_info The version that runs; always 1.
        # TYPE cdb_build_info gauge
        cdb_build_info{version="1.2.3",service="cdb_risk"} 1
        # HELP cdb_health_status 1 while the service can do its job, else 0.
        # TYPE cdb_health_status gauge
        cdb_health_status{service="cdb_risk"} 1
        # HELP cdb_orders_rejected_total Orders \\ rejected\nby code.
        # TYPE cdb_orders_rejected_total counter
        cdb_orders_rejected_total{symbol="BTC_USDT",reason_code="RISK_LIMIT"} 1
        cdb_orders_rejected_total{symbol="BTC_USDT",reason_code="a\"b\\c\nd"} 1
        cdb_orders_rejected_total{symbol="ETH_USDT",reason_code="PAUSED"} 4
        # HELP cdb_equity_usd Equity.
        # TYPE cdb_equity_usd gauge
        cdb_equity_usd -0.5
        # HELP cdb_approved_order_size Size.
        # TYPE cdb_approved_order_size histogram
        cdb_approved_order_size_bucket{le="1"} 2
        cdb_approved_order_size_bucket{le="2.5"} 3
        cdb_approved_order_size_bucket{le="+Inf"} 4
        cdb_approved_order_size_sum 102.5
        cdb_approved_order_size_count 4

        """#

    @Test("the page is the same to the byte, hostile label values included")
    func goldenPage() { #expect(ours(sample()) == Self.golden) }

    @Test("the process is measured")
    func process() throws {
        let text = page(Metrics(service: "s"))
        for name in [
            "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
            "process_start_time_seconds",
        ] {
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") })
            #expect((line.split(separator: " ").last.flatMap { Double($0) } ?? 0) > 0)
        }
    }

    @Test(
        "promtool finds nothing wrong",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")))
    func promtool() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/promtool")
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        input.fileHandleForWriting.write(Data(page(sample()).utf8))
        try input.fileHandleForWriting.close()
        let said = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said == "")
        #expect(process.terminationStatus == 0)
    }

    @Test(
        "numbers are written as Prometheus reads them",
        arguments: [
            (0, "0"), (-3, "-3"), (0.00001, "1e-05"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"), (1e300, "1e+300"), (4_503_599_627_370_496, "4503599627370496"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) { #expect(MetricText.number(value) == text) }

    @Test("symbols beyond the limit are counted as other, in every family")
    func symbolLimit() {
        let metrics = Metrics(service: "s", symbolLimit: 2)
        let family = metrics.counter("a_total", "A.", labels: ["symbol"])
        let second = metrics.counter("b_total", "B.", labels: ["side", "symbol"])
        for symbol in ["A", "B", "C", "D", "A"] { family.with(symbol).increment() }
        second.with("BUY", "D").increment()
        second.with("BUY", "B").increment()
        let text = ours(metrics)
        #expect(text.contains("a_total{symbol=\"A\"} 2\n"))
        #expect(text.contains("a_total{symbol=\"B\"} 1\n"))
        #expect(text.contains("a_total{symbol=\"other\"} 2\n"))
        #expect(text.contains("b_total{side=\"BUY\",symbol=\"other\"} 1\n"))
        #expect(text.contains("b_total{side=\"BUY\",symbol=\"B\"} 1\n"))
        #expect(!text.contains("\"C\"") && !text.contains("\"D\""))
    }

    @Test("two thousand symbols have series of their own")
    func manySymbols() {
        let metrics = Metrics(service: "s")
        let family = metrics.counter("a_total", "A.", labels: ["symbol"])
        for number in 0..<2_100 { family.with("S\(number)_USDT").increment() }
        let lines = ours(metrics).split(separator: "\n").filter { $0.hasPrefix("a_total{") }
        #expect(lines.count == 2_001)
        #expect(lines.contains("a_total{symbol=\"other\"} 100"))
    }

    @Test("handles by a symbol's number are the family's own")
    func handles() throws {
        let family = Metrics(service: "s").counter("a_total", "A.", labels: ["symbol", "source"])
        var handles = SymbolHandles { family.with($0, "x") }
        let symbol = try #require(Symbol("BTC_USDT"))
        handles[3, symbol].increment()
        handles[3, symbol].increment()
        #expect(family.with("BTC_USDT", "x").value == 2)
        #expect(handles[3, symbol] === family.with("BTC_USDT", "x"))
    }

    @Test("counting from many threads while the page is written loses nothing")
    func threads() throws {
        let metrics = Metrics(service: "s")
        let counter = metrics.counter("a_total", "A.").with()
        let histogram = metrics.histogram("h", "H.", bounds: [1]).with()
        let threads = try (0..<4).map { _ in
            try ServiceThread("count") {
                for _ in 0..<10_000 {
                    counter.increment()
                    histogram.observe(2)
                }
            }
        }
        for _ in 0..<50 { _ = page(metrics) }
        for thread in threads { thread.join() }
        #expect(counter.value == 40_000)
        #expect(histogram.count == 40_000)
        #expect(histogram.sum == 80_000)
    }
}
