import CoreModels
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import WireFormats

/// Writes the members of one backup into a directory.
struct StackBackup {
    let stack: StackAddress
    /// The stack's Redis does not run and is started for as long.
    let startsRedis: Bool
    let directory: String
    let console: Console

    /// - Parameter connection: a session with the stack's database.
    /// - Returns: what it is of, and why Redis gave no snapshot, if it gave none.
    func run(
        _ connection: PostgresConnection, _ now: Timestamp
    ) throws -> (BackupManifest, redisProblem: String?) {
        try Migrations.check(connection)
        let redis = try beginRedis()
        let facts = try dump(connection)
        let redisProblem = redis.end()
        if redisProblem != nil { try Files.write("", to: path(.redis)) }
        let manifest = BackupManifest(
            source: try source(), created: now, version: BuildVersion.text, database: facts,
            hasRedis: redisProblem == nil)
        try Files.write(
            String(decoding: JSONWriter.bytes(manifest.value), as: UTF8.self) + "\n",
            to: path(.manifest))
        try Files.write(BackupConfiguration.text(stack.environment), to: path(.configuration))
        return (manifest, redisProblem)
    }

    private func path(_ member: BackupArchive.Member) -> String {
        "\(directory)/\(member.rawValue)"
    }

    private func source() throws -> String {
        if let directory = stack.directory { return directory.path }
        let settings = try stack.postgres()
        return "\(settings.host):\(settings.port)/\(settings.database)"
    }

    /// Dump and facts are of one snapshot, while the stack goes on.
    private func dump(_ connection: PostgresConnection) throws -> DatabaseFacts {
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let facts = try DatabaseFacts.read(connection)
        let snapshot = try connection.run(Self.export()).text(0, 0)
        let progress = CopyProgress(console)
        try DatabaseCopy(settings: stack.postgres(), notice: progress.show).dump(
            snapshot: snapshot, server: facts.server, to: path(.database))
        progress.end()
        try connection.execute("COMMIT")
        return facts
    }

    private static let export = SQLStatement("backup_snapshot", "SELECT pg_export_snapshot()")

    // MARK: Redis

    private struct RedisPart {
        var snapshot: RedisSnapshot?
        var server: PrivateRedis?
        var problem: String?

        func end() -> String? {
            defer { server?.stop() }
            return problem ?? snapshot?.problem()
        }
    }

    /// It holds nothing that matters: without it a backup is good, too.
    private func beginRedis() throws -> RedisPart {
        var part = RedisPart()
        do {
            let settings = try stack.redis()
            if startsRedis, let home = stack.directory?.redis {
                part.server = try PrivateRedis.start(
                    directory: home, port: UInt16(settings.port), password: settings.password ?? "")
            }
            part.snapshot = try RedisSnapshot(
                settings, to: path(.redis), log: "\(directory)/redis-cli.log")
        } catch { part.problem = "\(error)" }
        return part
    }
}
