import Glibc
import MarketSources

/// Files of made-up prices with bursts, the same in every run.
enum BenchTape {
    private static let start = 1_735_689_600_000
    private static let symbols: [(name: String, price: Int64, decimals: Int)] = [
        ("BTC_USDT", 6_000_000, 2), ("ETH_USDT", 300_000, 2), ("SOL_USDT", 150_000, 3),
        ("XRP_USDT", 50_000, 5), ("DOGE_USDT", 100_000, 6),
    ]

    /// 30 days of trades for 5,000,000.
    static func trades(_ count: Int, _ path: String) throws {
        var random = SeededRandom(seed: 20_250_102)
        var prices = symbols.map(\.price)
        try write(path, "ts_ms,symbol,price,qty,side\n", count) { number, line in
            let place = Int(random.pick(0...4))
            let isBurst = number / 20_000 % 20 == 0
            prices[place] = moved(prices[place], isBurst ? 600 : 90, &random)
            let quantity = random.pick(1...200_000)
            line += "\(start + number * 518),\(symbols[place].name),"
            line += decimal(prices[place], symbols[place].decimals)
            line += ",\(decimal(quantity * 6_000_000 / prices[place], 5)),B\n"
        }
    }

    static func bars(_ count: Int, _ path: String) throws {
        var random = SeededRandom(seed: 20_250_101)
        var price = symbols[0].price
        try write(path, "ts_ms,open,high,low,close,volume\n", count) { number, line in
            let open = price
            price = moved(price, number / 2_000 % 30 == 0 ? 6_000 : 800, &random)
            let high = max(open, price) + random.pick(0...2_000)
            let low = min(open, price) - random.pick(0...2_000)
            line += "\(start + number * 60_000),\(decimal(open, 2)),\(decimal(high, 2)),"
            line += "\(decimal(low, 2)),\(decimal(price, 2)),"
            line += "\(decimal(random.pick(10_000...400_000), 4))\n"
        }
    }

    /// The header and the first rows of another file.
    static func head(of other: String, rows: Int, _ path: String) throws {
        guard let source = fopen(other, "r") else {
            throw BenchStack.Failure(description: "\(other) cannot be read")
        }
        defer { fclose(source) }
        var line = [CChar](repeating: 0, count: 1 << 16)
        guard let header = fgets(&line, Int32(line.count), source) else {
            throw BenchStack.Failure(description: "\(other) is empty")
        }
        try write(path, String(cString: header), rows) { _, text in
            if let row = fgets(&line, Int32(line.count), source) { text += String(cString: row) }
        }
    }

    /// By some millionths, more often back to where it began.
    private static func moved(
        _ price: Int64, _ millionths: Int64, _ random: inout SeededRandom
    ) -> Int64 {
        max(10_000, price + price * random.bell(millionths) / 1_000_000 + random.pick(-1...1))
    }

    private static func decimal(_ value: Int64, _ decimals: Int) -> String {
        var digits = "\(value)"
        while digits.count <= decimals { digits = "0" + digits }
        return digits.dropLast(decimals) + "." + digits.suffix(decimals)
    }

    private static func write(
        _ path: String, _ header: String, _ count: Int, _ append: (Int, inout String) -> Void
    ) throws {
        let file = fopen(path, "w")
        guard let file else { throw BenchStack.Failure(description: "\(path) cannot be written") }
        defer { fclose(file) }
        fputs(header, file)
        var text = ""
        for number in 0..<count {
            append(number, &text)
            if text.utf8.count > 60_000 || number == count - 1 {
                fputs(text, file)
                text.removeAll(keepingCapacity: true)
            }
        }
    }
}
