import CoreModels
import Glibc
import MarketFiles
import MarketSources

/// Files whose recorder was killed, made whole as far as they go.
struct Salvage {
    /// What became of one file, in words for the operator.
    let text: String

    /// - Throws: when nothing can be written.
    static func all(in folder: RecordingFolder) throws(MarketFileError) -> [Salvage] {
        var found: [Salvage] = []
        for name in folder.unfinished { found.append(try one(name, folder)) }
        return found
    }

    private static func one(
        _ name: String, _ folder: RecordingFolder
    ) throws(MarketFileError) -> Salvage {
        let part = name + RecordingFolder.inHand
        var status = stat()
        if stat(folder.file(part), &status) == 0, status.st_size == 0 {
            unlink(folder.file(part))
            return Salvage(text: "\(part) was never written to, and is removed")
        }
        var recording: Recording
        do throws(MarketFileError) {
            let source = try StoredFileSource.open(folder.file(part))
            recording = try Recording(name: part, source: source)
        } catch {
            try folder.rename(part, to: name + ".broken")
            return Salvage(text: "\(name).broken holds nothing that can be read: \(error)")
        }
        let messages = try copy(&recording, name, folder)
        unlink(folder.file(part))
        return Salvage(text: "\(name) is recovered: \(messages) market_data")
    }

    private static func copy(
        _ recording: inout Recording, _ name: String, _ folder: RecordingFolder
    ) throws(MarketFileError) -> Int64 {
        var feeds = FeedCounts()
        guard let first = next(&recording) else { return 0 }
        let segment = try RecordingSegment(
            folder, name: name, ending: RecordingFolder.draft, for: first)
        var message: RecordedMessage? = first
        while let recorded = message {
            _ = feeds.isNew(recorded.data.reference)
            feeds.recorded(recorded.data.reference)
            try segment.append(recorded)
            message = next(&recording)
        }
        try segment.finish(feeds.takeFile(), isRecovered: true)
        return segment.messages
    }

    /// The next message; nil where the file breaks off.
    private static func next(_ recording: inout Recording) -> RecordedMessage? {
        do throws(MarketFileError) {
            return try recording.next()
        } catch {
            return nil  // It was cut: what stands before it is what there is.
        }
    }
}
