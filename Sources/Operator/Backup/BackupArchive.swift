import Glibc
import Ledger
import PrivateServers
import WireFormats

/// A backup as one tar file: its members, and a list of their checksums that `sha256sum --check`
/// understands. It is not compressed as a whole: the dump already is.
struct BackupArchive {
    enum Member: String, CaseIterable {
        case manifest = "manifest.json"
        case configuration = "configuration.env"
        case database = "database.dump"
        case redis = "redis.rdb"
    }

    private static let checksums = "SHA256SUMS"

    let path: String

    // MARK: Writing

    /// Packs the members that lie in a directory, makes the archive durable, and gives it its name.
    static func pack(_ directory: String, as path: String) throws -> BackupArchive {
        var lines = ""
        for member in Member.allCases {
            let file = Glibc.open("\(directory)/\(member.rawValue)", O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { throw failure("\(directory)/\(member.rawValue)") }
            defer { close(file) }
            lines += line(of: member, readFrom: file) + "\n"
        }
        try Files.write(lines, to: "\(directory)/\(checksums)")
        let draft = "\(directory)/archive.tar"
        // tar writes into a file that nobody else may read from the first byte on.
        try Files.write("", to: draft)
        try SystemTool("tar").run(
            ["--create", "--file", draft, "--directory", directory, checksums]
                + Member.allCases.map(\.rawValue))
        try synchronize(draft)
        guard rename(draft, path) == 0 else { throw failure(path) }
        try synchronize(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".")
        return BackupArchive(path: path)
    }

    /// As `sha256sum` writes it.
    private static func line(of member: Member, readFrom file: Int32) -> String {
        let digest = SHA256Digest()
        OpenFile.readPieces(file) { digest.update($0) }
        return "\(Hexadecimal.text(digest.finish()))  \(member.rawValue)"
    }

    private static func synchronize(_ path: String) throws(CommandFailure) {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> CommandFailure {
        .failed("\(path): \(String(cString: strerror(errno)))")
    }

    // MARK: Reading

    /// Compares every member with its checksum.
    /// - Throws: `CommandFailure` naming the first that is not what it was.
    func check() throws {
        guard access(path, R_OK) == 0 else { throw Self.failure(path) }
        let text = String(decoding: try contents(of: Self.checksums), as: UTF8.self)
        guard !text.isEmpty else {
            throw CommandFailure.failed(
                "\(path) is no backup, or its beginning is damaged: it holds no \(Self.checksums)")
        }
        let lines = text.split(separator: "\n")
        for member in Member.allCases {
            let process = try open(member.rawValue)
            let line = Self.line(of: member, readFrom: process.output)
            process.stop(signal: 0, seconds: 10)
            guard lines.contains(Substring(line)) else {
                throw CommandFailure.failed(
                    "\(path) is damaged: \(member.rawValue) is not what was backed up (its SHA-256 "
                        + "differs); take another backup")
            }
        }
    }

    func manifest() throws -> BackupManifest {
        try BackupManifest(contents(of: Member.manifest.rawValue), of: path)
    }

    /// What the stack was told, without secrets.
    func configuration() throws -> String {
        String(decoding: try contents(of: Member.configuration.rawValue), as: UTF8.self)
    }

    /// Begins to read a member; its bytes are the process's output.
    func open(_ member: String) throws -> ChildProcess {
        // With what tar complains of, if it does: then the checksum differs, which names the member.
        let command = try SystemTool("tar").command(
            ["--extract", "--to-stdout", "--occurrence=1", "--file", path, member])
        return try ChildProcess.start(command)
    }

    private func contents(of member: String) throws -> [UInt8] {
        let process = try open(member)
        let bytes = process.readOutput()
        // What tar says in their place is nobody's contents.
        return process.stop(signal: 0, seconds: 10).isSuccess ? bytes : []
    }
}
