import PrivateServers
import RedisBus

/// What Redis holds as a file in its own format, as a replica would get it.
struct RedisSnapshot {
    /// A server that hangs is not waited for any longer, seconds.
    private static let patience = 60.0

    private let process: ChildProcess
    private let log: String

    /// Begins to fetch it.
    init(_ settings: RedisSettings, to path: String, log: String) throws {
        self.log = log
        let place =
            settings.socketPath.map { ["-s", $0] }
            ?? ["-h", settings.host, "-p", "\(settings.port)"]
        let user = settings.user.map { ["--user", $0] } ?? []
        let program = try Program.find("redis-cli", package: "redis-tools")
        var command = try SystemTool("redis-cli", at: program).command(
            place + user + ["--no-auth-warning", "--rdb", path],
            settings.password.map { ["REDISCLI_AUTH": $0] } ?? [:])
        command.output = .file(log)
        process = try ChildProcess.start(command)
    }

    /// Waits until it is there.
    /// - Returns: why there is none; nil when all is well.
    func problem() -> String? {
        guard let status = process.wait(seconds: Self.patience) else {
            process.stop()
            return "no answer within \(Int(Self.patience)) s"
        }
        return status.isSuccess ? nil : Files.tail(log, lines: 2)
    }
}
