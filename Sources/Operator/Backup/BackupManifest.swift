import CoreModels
import Ledger
import WireFormats

/// What a backup is of: enough to refuse what cannot be restored before anything is touched, and to
/// see afterwards that all of it is there.
struct BackupManifest: Equatable {
    static let format: Int64 = 1

    /// The stack's directory, or `host:port/database`.
    var source: String
    var created: Timestamp
    /// Of the program that made it.
    var version: String
    var database: DatabaseFacts
    /// False when Redis gave no snapshot: then that member is empty.
    var hasRedis: Bool

    var value: Value {
        .object([
            .init("format", .integer(Self.format)), .init("source", .text(source)),
            .init("created", .time(created)), .init("created_at", .text(created.text)),
            .init("cdb_version", .text(version)),
            .init("postgres_version", .integer(Int64(database.server))),
            .init("schema_version", .integer(database.schema)),
            .init("roles", .list(database.roles.map { .text($0) })),
            .init(
                "heads",
                .object(
                    database.heads.map { head in
                        .init(
                            head.stream,
                            .object([
                                .init("seq", .integer(head.sequence)),
                                .init("hash", .text(head.hash)),
                            ]))
                    })), .init("redis_snapshot", .flag(hasRedis)),
        ])
    }
}

extension BackupManifest {
    /// - Throws: `CommandFailure` when it is none, or one of a newer version.
    init(_ bytes: [UInt8], of archive: String) throws(CommandFailure) {
        let value = Value(answer: bytes)
        guard let format = value["format"].integer else {
            throw .failed("\(archive): its manifest.json is none of cdb backup")
        }
        guard format == Self.format, let source = value["source"].text,
            let created = value["created"].time, let server = value["postgres_version"].integer,
            let schema = value["schema_version"].integer
        else {
            throw .failed("\(archive) was made by a newer version of cdb: restore it with that one")
        }
        self.source = source
        self.created = created
        version = value["cdb_version"].text ?? ""
        hasRedis = value["redis_snapshot"].flag ?? false
        database = DatabaseFacts(
            server: Int(server), schema: schema,
            roles: (value["roles"].list ?? []).compactMap(\.text),
            heads: (value["heads"].members ?? []).map {
                DatabaseFacts.Head(
                    stream: $0.name, sequence: $0.value["seq"].integer ?? 0,
                    hash: $0.value["hash"].text ?? "")
            })
    }
}
