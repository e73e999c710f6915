import CoreModels

/// The rows of one file in the order they stand in it. Malformed ones are counted and passed over.
struct RowReader {
    /// A file with a longer line is no CSV.
    static let lineLimit = 65_536

    let file: String
    private var source: any ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var ended = false
    /// The line of the last row, from 1, the header and empty lines counted.
    private(set) var line = 0
    private let delimiter: UInt8
    private var fields = Fields()
    private var parser: RowParser
    private var fast: FastRow
    private(set) var malformed = MalformedRows()
    /// Rows so far, the malformed ones counted among them.
    private(set) var rows = 0

    var layout: RowLayout { parser.layout }
    var bytesTaken: Int64 { source.bytesTaken }
    var bytesTotal: Int64 { source.bytesTotal }

    /// Reads as far as the layout needs. `symbol`: of rows that name none themselves.
    init(
        file: String, source: any ByteSource, symbol: Symbol?
    ) throws(MarketFileError) {
        self.file = file
        self.source = source
        let found = try Self.start(of: file, &self.source, into: &buffer, &ended)
        guard found.layout.symbol != nil || symbol != nil else { throw .noSymbol(file: file) }
        position = found.position
        line = found.line
        delimiter = found.delimiter
        parser = RowParser(layout: found.layout, symbol: symbol)
        fast = FastRow(found.layout, delimiter: found.delimiter, symbol: symbol)
    }

    private static func start(
        of file: String, _ source: inout any ByteSource, into buffer: inout [UInt8],
        _ ended: inout Bool
    ) throws(MarketFileError) -> FileStart.Found {
        while true {
            let isAll = ended || buffer.count > lineLimit * 16
            if let found = try FileStart.layout(of: buffer, ended: isAll, file: file) {
                return found
            }
            if try !source.read(into: &buffer) { ended = true }
        }
    }

    /// The interval of candles that do not tell it themselves, for the rows to come.
    mutating func assume(interval: Int64) { parser.interval = interval }

    /// Puts the next good row into the queue; false when there is none.
    mutating func next(
        into queue: inout OrderedQueue<MarketRow>
    ) throws(MarketFileError) -> Bool {
        while true {
            if nextInBuffer(into: &queue) != nil { return true }
            if ended { return false }
            try refill()
        }
    }

    /// Puts rows into the queue while they are plain and in order, and until it holds `limit`.
    mutating func fill(
        _ queue: inout OrderedQueue<MarketRow>, upTo limit: Int
    ) throws(MarketFileError) {
        while queue.count < limit {
            if buffer.count - position < FastRow.reserve {
                if ended { return }
                try refill()
                continue
            }
            guard fillPlainly(&queue, upTo: limit) else { return }
        }
    }

    /// False when the next line is not that simple, or was out of order.
    private mutating func fillPlainly(
        _ queue: inout OrderedQueue<MarketRow>, upTo limit: Int
    ) -> Bool {
        let bytes = buffer
        return bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return false }
            while queue.count < limit, bytes.count - position >= FastRow.reserve {
                let last = queue.lastTime ?? Timestamp(milliseconds: .min)
                var length: Int?
                let isIn = queue.insert { row in
                    length = fast.read(
                        start + position, interval: parser.interval, &parser.symbols, into: &row)
                    // Before the place of the last one: `next` looks at such a row.
                    return length != nil && row.time >= last
                }
                guard isIn, let length else { return false }
                position += length
                line += 1
                rows += 1
            }
            return true
        }
    }

    /// Nil when the buffer ends within the next row, else whether the row came in order.
    private mutating func nextInBuffer(into queue: inout OrderedQueue<MarketRow>) -> Bool? {
        let bytes = buffer
        while true {
            let outcome = fields.split(
                bytes.span, from: position, delimiter: delimiter, ended: ended)
            guard case .line(let next) = outcome else { return nil }
            position = next
            line += 1
            if fields.isBlank { continue }
            rows += 1
            do throws(MalformedRow) {
                return queue.insert(try parser.parse(bytes.span, fields))
            } catch {
                malformed.add(error, line: line)
            }
        }
    }

    private mutating func refill() throws(MarketFileError) {
        buffer.removeSubrange(0..<position)
        position = 0
        guard buffer.count <= Self.lineLimit else {
            throw .unknownLayout(
                file: file, reason: "line \(line + 1) is longer than \(Self.lineLimit) bytes")
        }
        if try !source.read(into: &buffer) { ended = true }
    }
}
