public import CoreModels

/// The messages of one file of `cdb record`, in the order in which they were received.
///
/// What the recorder saw is taken as it stands: nothing is sorted and nothing screened, so that
/// whoever sees it again decides again as then.
public struct Recording {
    public let name: String
    private var source: any ByteSource
    private var buffer: [UInt8] = []
    private var position = 0
    private var ended = false
    private var line = 1
    private var fields = Fields()
    private var parser: RecordedRowParser
    /// The first message, until it is asked for.
    private var first: RecordedMessage?
    /// When the first message was received.
    public private(set) var firstReceivedAt = Timestamp(milliseconds: 0)
    public private(set) var malformed = MalformedRows()
    /// Rows read so far, malformed ones counted among them.
    public private(set) var rowsRead = 0

    /// Whether the file's first line is that of a recording.
    public static func isOne(_ source: any ByteSource) throws(MarketFileError) -> Bool {
        var source = source
        var start: [UInt8] = []
        while start.count < header.count, try source.read(into: &start) {}
        return start.starts(with: header)
    }

    private static let header = Array(RecordedMessage.header.utf8)

    public init(name: String, source: any ByteSource) throws(MarketFileError) {
        self.name = name
        self.source = source
        var start: [UInt8] = []
        while !start.contains(UInt8(ascii: "\n")), start.count < RowReader.lineLimit, !ended {
            ended = try !self.source.read(into: &start)
        }
        let comma = UInt8(ascii: ",")
        var fields = Fields()
        guard
            case .line(let next) = fields.split(start.span, from: 0, delimiter: comma, ended: ended)
        else { throw .noRows(file: name) }
        let header = (0..<min(fields.count, Fields.limit)).map { column in
            String(decoding: start[fields[column]], as: UTF8.self)
        }
        guard let parser = RecordedRowParser(header: header) else {
            throw .unknownLayout(file: name, reason: "it is no recording of cdb record")
        }
        self.parser = parser
        buffer = start
        position = next
        guard let first = try read() else { throw .noRows(file: name) }
        self.first = first
        firstReceivedAt = first.receivedAt
    }

    public var bytesTaken: Int64 { source.bytesTaken }
    public var bytesTotal: Int64 { source.bytesTotal }

    public mutating func next() throws(MarketFileError) -> RecordedMessage? {
        guard let message = first else { return try read() }
        first = nil
        return message
    }

    private mutating func read() throws(MarketFileError) -> RecordedMessage? {
        while true {
            if let message = readBuffer() { return message }
            if ended { break }
            buffer.removeSubrange(0..<position)
            position = 0
            guard buffer.count <= RowReader.lineLimit else {
                throw .unknownLayout(
                    file: name,
                    reason: "line \(line + 1) is longer than \(RowReader.lineLimit) bytes")
            }
            ended = try !source.read(into: &buffer)
        }
        guard !malformed.areTooMany(among: rowsRead) else {
            throw .tooManyMalformed(file: name, malformed, rows: rowsRead)
        }
        return nil
    }

    private mutating func readBuffer() -> RecordedMessage? {
        let bytes = buffer
        while true {
            let outcome = fields.split(
                bytes.span, from: position, delimiter: UInt8(ascii: ","), ended: ended)
            guard case .line(let next) = outcome else { return nil }
            position = next
            line += 1
            if fields.isBlank { continue }
            rowsRead += 1
            do throws(MalformedRow) {
                return try parser.parse(bytes.span, fields)
            } catch {
                malformed.add(error, line: line)
            }
        }
    }
}
