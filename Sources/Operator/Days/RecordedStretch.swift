import CoreModels
import MarketFiles
import MarketSources
import PrivateServers

/// What time it was for the services.
enum ServiceClock: String {
    /// That of the machine: a message counts at its receipt.
    case wall
    /// The highest timestamp of the market so far.
    case market
}

/// The files of `cdb record`, read as one stream from a moment on.
struct RecordedStretch {
    /// One market_data, and what time it was when it came.
    struct Message {
        var data: MarketData
        var time: Timestamp
    }

    private static let part = RecordingFolder.suffix + RecordingFolder.inHand

    /// When the first message of the oldest file was received, or happened.
    let begin: Timestamp
    private let paths: [String]
    /// That of a replay in lock-step is the market's, whatever was said.
    let clock: ServiceClock
    private var place = 0
    private var recording: Recording?
    private var marketNow = Timestamp(milliseconds: .min)
    private var counts = FeedCounts()
    private(set) var holes: [RecordedHole] = []
    private(set) var rows = 0
    /// When the last message given came.
    private(set) var last: Timestamp?

    /// - Parameters:
    ///   - words: files, and directories `cdb record` writes into.
    ///   - start: on the wall clock, files that end before it are left out.
    /// - Throws: `CommandFailure.wrongUse` when there is nothing to read.
    init(
        _ words: [String], clock: ServiceClock, start: Timestamp
    ) throws(CommandFailure) {
        var files: [(path: String, first: RecordedMessage)] = []
        for path in try Self.files(words) {
            if let first = try Self.first(of: path) { files.append((path, first)) }
        }
        files.sort { $0.first.receivedAt < $1.first.receivedAt }
        guard let oldest = files.first else {
            throw .wrongUse("there is no recording in \(words.joined(separator: ", "))")
        }
        let isLockStep = oldest.first.data.reference?.isLockStep ?? false
        let clock = isLockStep ? .market : clock
        self.clock = clock
        begin = clock == .wall ? oldest.first.receivedAt : oldest.first.data.timestamp
        if clock == .wall {
            while files.count > 1, files[1].first.receivedAt <= start { files.removeFirst() }
        }
        paths = files.map(\.path)
    }

    private static func files(_ words: [String]) throws(CommandFailure) -> [String] {
        var files: [String] = []
        for word in words {
            let names = Files.entries(of: word).filter {
                $0.hasPrefix(RecordingFolder.prefix)
                    && ($0.hasSuffix(RecordingFolder.suffix) || $0.hasSuffix(part))
            }
            guard names.isEmpty else {
                files += names.map { "\(word)/\($0)" }
                continue
            }
            guard Files.exists(word) else {
                throw .wrongUse(
                    "\(word) is not there: cdb record writes recordings, --data names where")
            }
            files.append(word)
        }
        return files
    }

    /// Nil for a directory, and for a file in hand that holds nothing yet.
    private static func first(of path: String) throws(CommandFailure) -> RecordedMessage? {
        do throws(MarketFileError) {
            var recording = try Recording(name: path, source: StoredFileSource.open(path))
            return try recording.next()
        } catch {
            if path.hasSuffix(part) || !Files.entries(of: path).isEmpty { return nil }
            throw .wrongUse(error.description)
        }
    }

    /// The recording went over this message, or never heard of its feed.
    func lacks(_ reference: MarketReference) -> Bool {
        guard let feed = counts.feeds.first(where: { $0.name == reference.feed }) else {
            return true
        }
        return reference.sequence > feed.last
            || holes.contains {
                $0.feed == reference.feed
                    && ($0.next - $0.count..<$0.next).contains(reference.sequence)
            }
    }

    /// The last message read of its feed is an earlier one.
    func endsBefore(_ reference: MarketReference) -> Bool {
        counts.feeds.contains { $0.name == reference.feed && $0.last < reference.sequence }
    }

    /// The next message; nil at the end of all files. What came twice is given once.
    mutating func next() throws(CommandFailure) -> Message? {
        while let message = try read() {
            rows += 1
            let missed = counts.missed
            guard counts.isNew(message.data.reference) else { continue }
            marketNow = max(marketNow, message.data.timestamp)
            let time = clock == .wall ? message.receivedAt : marketNow
            if counts.missed > missed, let reference = message.data.reference {
                holes.append(
                    RecordedHole(
                        feed: reference.feed, next: reference.sequence,
                        count: counts.missed - missed, before: time))
            }
            last = time
            return Message(data: message.data, time: time)
        }
        return nil
    }

    private mutating func read() throws(CommandFailure) -> RecordedMessage? {
        while true {
            if let message = try readFile() { return message }
            recording = nil
            guard place < paths.count else { return nil }
            place += 1
        }
    }

    private mutating func readFile() throws(CommandFailure) -> RecordedMessage? {
        guard place < paths.count else { return nil }
        do throws(MarketFileError) {
            if recording == nil {
                recording = try Recording(
                    name: paths[place], source: StoredFileSource.open(paths[place]))
            }
            return try recording?.next()
        } catch {
            // The recorder is still at work on it: what was flushed is what there is.
            if paths[place].hasSuffix(Self.part) { return nil }
            throw .wrongUse(error.description)
        }
    }
}

/// Messages of a feed that the recording has not.
struct RecordedHole: Equatable {
    var feed: String
    /// The first number after the hole.
    var next: Int64
    var count: Int64
    /// When that message came.
    var before: Timestamp

    var text: String {
        let first = next - count
        let numbers = count == 1 ? "message \(first)" : "messages \(first) to \(next - 1)"
        return "the recording lacks \(numbers) of \(feed), before \(before.text)"
    }

    var value: Value {
        .object([
            .init("feed", .text(feed)), .init("first_seq", .integer(next - count)),
            .init("last_seq", .integer(next - 1)), .init("before", .time(before)),
        ])
    }
}
