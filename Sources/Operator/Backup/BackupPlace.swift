import CoreModels
import Glibc
import PrivateServers

/// Where an archive goes, and the directory beside it in which it is made.
struct BackupPlace {
    static let defaultDirectory = "backups"
    private static let prefix = "cdb-backup-"
    private static let suffix = ".tar"
    private static let draftSuffix = ".partial"
    /// What a backup that was killed left behind is removed after so long, milliseconds.
    private static let draftLife: Int64 = 86_400_000

    /// Of the archive; absolute.
    let path: String
    let directory: String
    /// Whether `path` was chosen here, so that later ones will lie beside it.
    let isSeries: Bool
    /// In the same file system, and nobody else's to read.
    let draft: String

    /// - Parameter out: a file when it ends with `.tar`, else a directory; nil is the default one.
    init(_ out: String?, now: Timestamp) {
        let wanted = StackDirectory(out ?? Self.defaultDirectory).path
        isSeries = !wanted.hasSuffix(Self.suffix)
        let stamp = Self.stamp(now)
        directory =
            isSeries ? wanted : wanted.lastIndex(of: "/").map { String(wanted[..<$0]) } ?? ""
        path = isSeries ? "\(wanted)/\(Self.prefix)\(stamp)\(Self.suffix)" : wanted
        draft = "\(directory)/.\(Self.prefix)\(stamp)-\(getpid())\(Self.draftSuffix)"
    }

    func prepare() throws {
        try Files.makeDirectory(directory, mode: 0o700)
        try Files.makeDirectory(draft, mode: 0o700)
    }

    /// Names of this kind sort by time.
    private static func stamp(_ time: Timestamp) -> String {
        String(time.text.filter { $0.isNumber || $0 == "T" || $0 == "Z" })
    }

    /// Removes archives of this stack that are older than so many days. Archives of other stacks,
    /// and files that are none, stay.
    ///
    /// - Returns: the paths of the archives that are gone.
    func removeOld(days: Int, source: String, now: Timestamp) throws -> [String] {
        let oldest = now.advanced(by: -Int64(days) * 86_400_000)
        var removed: [String] = []
        for name in Files.entries(of: directory).sorted() {
            let path = "\(directory)/\(name)"
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix), path != self.path
            else { continue }
            do {
                let manifest = try BackupArchive(path: path).manifest()
                guard manifest.source == source, manifest.created < oldest else { continue }
            } catch is CommandFailure {
                continue  // No archive of ours that can be read: not ours to remove.
            }
            guard unlink(path) == 0 else {
                throw CommandFailure.failed("\(path): \(String(cString: strerror(errno)))")
            }
            removed.append(path)
        }
        return removed
    }

    /// Removes what backups that were killed left here.
    func removeStaleDrafts(now: Timestamp) {
        let limit = ".\(Self.prefix)\(Self.stamp(now.advanced(by: -Self.draftLife)))"
        for name in Files.entries(of: directory)
        where name.hasPrefix(".\(Self.prefix)") && name.hasSuffix(Self.draftSuffix) && name < limit
        {
            Files.removeTree("\(directory)/\(name)")
        }
    }
}
