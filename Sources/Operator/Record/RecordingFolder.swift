import CoreModels
import Glibc
import MarketSources
import PrivateServers
import WireFormats

/// The directory recordings lie in; one recorder at a time, until its process ends.
final class RecordingFolder {
    static let prefix = "market_data-"
    static let suffix = ".csv.zst"
    /// Of a file that is being written.
    static let inHand = ".part"
    /// Of what is being put in another's place.
    static let draft = ".tmp"

    let path: String
    private let descriptor: Int32

    /// Makes the directory where it is missing.
    init(_ path: String) throws {
        let absolute = path.hasPrefix("/") ? path : Files.absolute(".") + "/" + path
        try Files.makeDirectory(absolute, mode: 0o755)
        self.path = Files.absolute(absolute)
        guard access(self.path, W_OK) == 0 else {
            throw CommandFailure.failed(
                "\(self.path) cannot be written to: \(String(cString: strerror(errno))); "
                    + "--out names another directory")
        }
        descriptor = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let reason =
                isTaken ? "another cdb record writes there" : String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw CommandFailure.failed("\(self.path): \(reason); --out names another directory")
        }
        for name in Files.entries(of: self.path) where isOurs(name, Self.draft) {
            unlink(file(name))
        }
    }

    deinit { close(descriptor) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names of whole recordings, the oldest first.
    var recordings: [String] { names("") }

    /// Names of recordings whose writer did not come to an end, without `.part`.
    var unfinished: [String] { names(Self.inHand).map { String($0.dropLast(Self.inHand.count)) } }

    private func names(_ ending: String) -> [String] {
        Files.entries(of: path).filter { isOurs($0, Self.suffix + ending) }.sorted()
    }

    private func isOurs(_ name: String, _ ending: String) -> Bool {
        name.hasPrefix(Self.prefix) && name.hasSuffix(ending)
    }

    /// `market_data-20260105T000000000Z.csv.zst`: sorted by name is sorted by time.
    static func name(at time: Timestamp) -> String {
        let digits = ISO8601.text(time).filter { !"-:.".contains($0) }
        return prefix + digits + suffix
    }

    /// The name of a recording that begins now; a millisecond later where there is one already.
    func freshName(at time: Timestamp) -> String {
        let name = Self.name(at: time)
        let isTaken = Files.exists(file(name)) || Files.exists(file(name + Self.inHand))
        return isTaken ? freshName(at: time.advanced(by: 1)) : name
    }

    /// Gives a file its name, for good.
    func rename(_ draft: String, to name: String) throws(MarketFileError) {
        guard Glibc.rename(file(draft), file(name)) == 0, fsync(descriptor) == 0 else {
            throw .unwritable(file: file(name), reason: String(cString: strerror(errno)))
        }
    }

    /// Writes a whole small file; it appears at once.
    func write(_ bytes: [UInt8], as name: String) throws(MarketFileError) {
        let draft = file(name + Self.draft)
        let output = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        let written =
            output < 0
            ? -1
            : bytes.withUnsafeBytes {
                Glibc.write(output, $0.baseAddress, $0.count)
            }
        let isStored = written == bytes.count && fsync(output) == 0
        let code = errno
        if output >= 0 { close(output) }
        guard isStored else {
            throw .unwritable(file: draft, reason: String(cString: strerror(code)))
        }
        try rename(name + Self.draft, to: name)
    }

    /// Where the checksum and the counts of a recording stand.
    static func manifest(of name: String) -> String { name.dropLast(suffix.count) + ".json" }

    /// Removes recordings that ended before `cutoff`, and returns their names. One ends where the
    /// next begins, so the newest always stays.
    func removeEnded(before cutoff: Timestamp) -> [String] {
        let limit = Self.name(at: cutoff)
        let names = recordings
        let ended = zip(names, names.dropFirst()).filter { $0.1 <= limit }.map(\.0)
        for name in ended {
            unlink(file(name))
            unlink(file(Self.manifest(of: name)))
        }
        return ended
    }
}
