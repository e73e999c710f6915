import CoreModels

/// What the command line asks for.
struct SimulatorOptions: Equatable {
    /// In words for whoever typed the command; exit code 2.
    struct WrongUse: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    static let help = """
        usage: mexc_sim --port N [options]

        MEXC's public futures side on one port: REST under /api/v1/contract,
        the WebSocket at /edge.

          --port N         where to listen; 0 takes any free port and prints it
          --bind ADDRESS   of this machine, to listen on (default 127.0.0.1)
          --seed S         of prices and of everything drawn by lot (default 1)
          --data FILE…     recorded prices (CSV, also .gz and .zst) instead of the synthetic market
          --speed X        market time runs so many times as fast as the wall clock (default 1)
          --contracts N    at least so many coins; the synthetic market has 34 of its own
          --start MS       market time to open at, ms since the epoch (default: now; with --data
                           the first price)
          --origin MS      when the synthetic market's script began (default: --start)
          --faults FILE    faults in advance: one JSON object a line, as POST /sim/faults takes
                           them, with "at_ms" after the start
          --help

        GET /sim/status tells what it does, GET /sim/faults which faults there are.
        """

    static let mostContracts = 10_000

    var host = "127.0.0.1"
    var port: UInt16 = 0
    var seed: UInt64 = 1
    var files: [String] = []
    var speed = Ratio(1)
    var contracts = 0
    var start: Int64?
    var origin: Int64?
    var faultScript: String?

    /// Nil when help is wanted.
    init?(_ words: [String]) throws(WrongUse) {
        var rest = words[...]
        var port: UInt16?
        while let word = rest.popFirst() {
            switch word {
            case "--help", "-h": return nil
            case "--port": port = UInt16(try Self.whole(word, &rest, 0...65_535))
            case "--bind": host = try Self.value(word, &rest)
            case "--seed": seed = UInt64(try Self.whole(word, &rest, 0...Int64.max))
            case "--data":
                while let file = rest.first, !file.hasPrefix("--") {
                    files.append(file)
                    rest.removeFirst()
                }
                if files.isEmpty { throw WrongUse(description: "--data names no file") }
            case "--speed": speed = try Self.speed(word, &rest)
            case "--contracts":
                contracts = Int(try Self.whole(word, &rest, 1...Int64(Self.mostContracts)))
            case "--start": start = try Self.whole(word, &rest, Self.times)
            case "--origin": origin = try Self.whole(word, &rest, Self.times)
            case "--faults": faultScript = try Self.value(word, &rest)
            default: throw WrongUse(description: "\(word) is no option")
            }
        }
        guard let port else { throw WrongUse(description: "--port is missing") }
        self.port = port
        if !files.isEmpty, origin != nil || contracts > 0 {
            throw WrongUse(description: "--origin and --contracts do not go with --data")
        }
        if let origin, let start, origin > start {
            throw WrongUse(description: "--origin must not lie after --start")
        }
    }

    /// 2001 to 2286: thirteen digits.
    private static let times: ClosedRange<Int64> = 1_000_000_000_000...9_999_999_999_999

    private static func value(
        _ word: String, _ rest: inout ArraySlice<String>
    ) throws(WrongUse) -> String {
        guard let value = rest.popFirst() else {
            throw WrongUse(description: "\(word) wants a value")
        }
        return value
    }

    private static func whole(
        _ word: String, _ rest: inout ArraySlice<String>, _ range: ClosedRange<Int64>
    ) throws(WrongUse) -> Int64 {
        let text = try value(word, &rest)
        guard let number = Int64(text), range.contains(number) else {
            throw WrongUse(
                description: "\(word) \(text): a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound) is wanted")
        }
        return number
    }

    private static func speed(
        _ word: String, _ rest: inout ArraySlice<String>
    ) throws(WrongUse) -> Ratio {
        let text = try value(word, &rest)
        guard let speed = Ratio(text), speed.isPositive, speed <= Ratio(10_000) else {
            throw WrongUse(
                description: "\(word) \(text): a number above 0, at most 10000, is wanted")
        }
        return speed
    }
}
