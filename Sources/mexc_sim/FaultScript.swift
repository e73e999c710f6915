import MarketFiles
import SimulatedExchange

/// A file of faults to come: one JSON object a line; empty lines and lines that begin with `#` are
/// passed over.
enum FaultScript {
    static func read(_ path: String) throws -> [FaultOrder] {
        let file = try StoredFile(path: path)
        var bytes: [UInt8] = []
        while try file.read(into: &bytes) {}
        var orders: [FaultOrder] = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (place, line) in lines.enumerated() {
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            do throws(FaultOrder.Refusal) {
                orders.append(try FaultOrder(json: Array(text)))
            } catch {
                throw SimulatorOptions.WrongUse(
                    description: "--faults \(path), line \(place + 1): \(error)")
            }
        }
        return orders
    }
}
