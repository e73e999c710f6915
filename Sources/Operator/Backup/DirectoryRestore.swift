import CoreModels
import Glibc
import Ledger
import PrivateServers

/// A backup as a stack of `cdb up` in a directory of its own.
struct DirectoryRestore {
    let directory: StackDirectory
    let restore: DatabaseRestore

    /// What to do next; the stack is there.
    func advice() throws -> String {
        let feed = try directory.readEnvironment()[StackEnvironment.feed] ?? "…"
        return "cdb up --dir \(directory.path) --feed \(feed) goes on where the backup was taken; "
            + "new ports and passwords: \(directory.environmentFile)"
    }

    /// - Parameter verify: proves what was restored, while the servers still run.
    func run(_ verify: (PostgresConnection) throws -> Report) throws -> Report {
        let isNew = !directory.exists
        guard !isNew || Files.entries(of: directory.path).isEmpty else {
            throw CommandFailure.failed(
                "\(directory.path) is not empty and holds no stack; name a new directory")
        }
        try Files.makeDirectory(directory.logs, mode: 0o755)
        let lock = try StackLock.take(directory)
        defer { lock.release() }
        do {
            let environment = try environment(isNew: isNew)
            return try withPostgres(environment) { connection in
                try restore.run(connection)
                try Files.write(environment.text, to: directory.environmentFile)
                return try verify(connection)
            }
        } catch {
            // Nothing was there before, and nothing half-made stays.
            if isNew, !directory.exists {
                for name in Files.entries(of: directory.path) {
                    Files.removeTree("\(directory.path)/\(name)")
                }
            }
            throw error
        }
    }

    /// A new stack gets passwords of its own, and the ports of the old one where they are free.
    private func environment(isNew: Bool) throws -> StackEnvironment {
        guard isNew else { return try directory.readEnvironment() }
        var environment = BackupConfiguration.stackEnvironment(try restore.archive.configuration())
        let isFree = { (port: Int) in LoopbackPort.isFree(UInt16(clamping: port)) }
        let base = environment[StackEnvironment.portBase].flatMap { Int($0) }
        let old = base.map { PortPlan(base: $0) }
        let kept = old.flatMap { $0.all.allSatisfy(isFree) ? $0 : nil }
        guard let plan = kept ?? PortPlan.firstFree(isFree) else {
            throw CommandFailure.failed("no free ports were found")
        }
        environment.complete(plan, operatorToken: nil)
        return environment
    }

    private func withPostgres<Result>(
        _ environment: StackEnvironment, _ body: (PostgresConnection) throws -> Result
    ) throws -> Result {
        let settings = try StackAddress(
            directory: directory, environment: environment.over([:])
        ).postgres()
        let server = try PrivatePostgres.start(
            directory: directory.postgres, port: UInt16(settings.port), user: settings.user,
            password: settings.password)
        defer { server.stop() }
        let name = settings.database
        let found = try server.execute("SELECT 1 FROM pg_database WHERE datname = '\(name)'")
        if found.isEmpty { try server.execute("CREATE DATABASE \(name)") }
        return try body(PostgresConnection(settings))
    }
}
