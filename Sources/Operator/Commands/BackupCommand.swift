import CoreModels
import Ledger
import PrivateServers
import RedisBus
import ServiceKit
import WireFormats

/// `cdb backup`: everything of a stack that must survive, in one file.
enum BackupCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "backup", "everything that must survive, in one archive",
        options: [
            StackAddress.option,
            Option(
                "out", .value("FILE|DIR"),
                "a file when it ends with .tar, else a directory (default backups)"),
            Option("keep", .value("DAYS"), "removes this stack's older archives afterwards"),
        ],
        details: """
            The stack may run: database and manifest are one snapshot. The archive has a dump of
            Postgres, a snapshot of Redis, the configuration without passwords, the heads of all
            streams, and a checksum of each. It appears under its name when it is complete.
            docs/BACKUP.md has a timer for 03:00.
            """)

    private static let days = 0...36_500

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let now = SystemClock.now()
        let place = BackupPlace(arguments.text("out"), now: now)
        let keep = try arguments.integer("keep", in: days)
        if keep != nil, !place.isSeries {
            throw CommandFailure.wrongUse("--keep belongs to an --out that is a directory")
        }
        let stack = try StackAddress.find(arguments, context)
        // Asked before it is started for the backup.
        let isAsleep = stack.directory.map { StackLock.holder($0) == nil } ?? false
        try place.prepare()
        defer { Files.removeTree(place.draft) }
        let backup = StackBackup(
            stack: stack, startsRedis: isAsleep, directory: place.draft,
            console: context.console)
        let (manifest, redisProblem) = try stack.withDatabase { try backup.run($0, now) }
        let archive = try BackupArchive.pack(place.draft, as: place.path)
        place.removeStaleDrafts(now: now)
        let removed = try keep.map {
            try place.removeOld(days: $0, source: manifest.source, now: now)
        }
        return report(archive, manifest, redisProblem, removed ?? [])
    }

    private static func report(
        _ archive: BackupArchive, _ manifest: BackupManifest, _ redisProblem: String?,
        _ removed: [String]
    ) -> Report {
        let bytes = Files.size(archive.path)
        var lines = [
            "\(archive.path) is written: \(manifest.database.events) events, \(bytes) bytes"
        ]
        if let redisProblem {
            lines.append(
                "without a snapshot of Redis, which holds nothing that matters: "
                    + redisProblem)
        }
        lines += removed.map { "removed \($0)" }
        return Report(
            lines,
            [
                .init("archive", .text(archive.path)), .init("bytes", .integer(bytes)),
                .init("manifest", manifest.value), .init("redis_problem", .text(redisProblem)),
                .init("removed", .list(removed.map { .text($0) })),
            ])
    }
}
