/// Where things are in a tar file.
enum BackupArchiveMembers {
    static let all = ["manifest.json", "configuration.env", "database.dump", "redis.rdb"]
    private static let block = 512

    /// The first byte of a member: behind the block that begins with its name.
    static func start(of member: String, in archive: [UInt8]) -> Int? {
        let name = Array(member.utf8) + [0]
        return stride(from: 0, to: archive.count, by: block)
            .first { archive[$0...].starts(with: name) }.map { $0 + block }
    }
}
