import CoreModels
import MarketSources

enum MarketFuzz {
    /// The first byte says how many bytes of the file arrive at a time.
    static func rows(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let file = Array(bytes.dropFirst())
        let whole = read(file, piece: max(1, file.count))
        let pieces = read(file, piece: Int(first) % 16 + 1)
        promise(whole == pieces, "any pieces give the same rows and errors")
    }

    private struct Read: Equatable {
        var rows: [MarketRow] = []
        var error: MarketFileError?
    }

    private static func read(_ file: [UInt8], piece: Int) -> Read {
        var read = Read()
        do throws(MarketFileError) {
            var market = try MarketFile(
                name: "ABUSDT.csv", source: ByteArraySource(file, piece: piece))
            while let row = try market.next() { read.rows.append(row) }
        } catch { read.error = error }
        promise(
            zip(read.rows, read.rows.dropFirst()).allSatisfy { $0.time <= $1.time },
            "rows are in order of time")
        return read
    }
}
