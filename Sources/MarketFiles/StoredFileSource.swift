public import MarketSources

/// A stored file as it is.
struct PlainSource: ByteSource {
    private let file: StoredFile
    /// Bytes that were looked at to tell the file's kind.
    private var start: [UInt8]

    init(_ file: StoredFile, start: [UInt8]) {
        self.file = file
        self.start = start
    }

    mutating func read(into buffer: inout [UInt8]) throws(MarketFileError) -> Bool {
        guard start.isEmpty else {
            buffer.append(contentsOf: start)
            start = []
            return true
        }
        return try file.read(into: &buffer)
    }

    var bytesTaken: Int64 { file.taken }
    var bytesTotal: Int64 { file.size }
}

/// Opens a stored file by what its first bytes say it is, whatever its name.
public enum StoredFileSource {
    public static func open(_ path: String) throws(MarketFileError) -> any ByteSource {
        let file = try StoredFile(path: path)
        var start: [UInt8] = []
        while start.count < 4, try file.read(into: &start) {}
        if start.starts(with: [0x1F, 0x8B]) { return try GzipSource(file, start: start) }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            return try ZstandardSource(file, start: start)
        }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            throw .unreadable(file: path, reason: "it is a zip archive: unzip it first")
        }
        return PlainSource(file, start: start)
    }
}
