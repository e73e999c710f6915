/// Version, safety and clock of a Postgres that lets us in.
struct DatabaseCheck: Check {
    /// `pg_settings`, as far as this login may see it.
    let settings: [String: String]
    let isStandby: Bool
    /// How far its clock is ahead of ours, in milliseconds.
    let clockSkew: Int64

    static let oldestVersion = 15
    private static let clockLimit: Int64 = 2_000
    /// Without them a crash takes committed events, and the ledger with them.
    static let safety = ["fsync", "full_page_writes", "synchronous_commit"]

    var findings: [Finding] { [version] + safety + [mode, clock] }

    private var version: Finding {
        let number = settings["server_version_num"].flatMap { Int($0) } ?? 0
        let text = settings["server_version"] ?? "unknown"
        return number / 10_000 >= Self.oldestVersion
            ? .ok(.postgres, "version", text)
            : .failed(
                .postgres, "version", "\(text) is older than \(Self.oldestVersion)",
                remedy: "upgrade the server to Postgres \(Self.oldestVersion) or newer")
    }

    private var safety: [Finding] {
        Self.safety.map { name in
            let value = settings[name] ?? "unknown"
            guard value == "off" else { return .ok(.postgres, name, value) }
            return .failed(
                .postgres, name, "off: a crash loses what was committed",
                remedy: "ALTER SYSTEM SET \(name) = on; SELECT pg_reload_conf(); "
                    + "and no ALTER ROLE or ALTER DATABASE … SET \(name) beside it")
        }
    }

    private var mode: Finding {
        guard isStandby || settings["default_transaction_read_only"] == "on" else {
            return .ok(.postgres, "writable", "yes")
        }
        return .failed(
            .postgres, "writable", isStandby ? "it is a standby" : "transactions are read-only",
            remedy: isStandby
                ? "set POSTGRES_HOST to the primary"
                : "ALTER SYSTEM SET default_transaction_read_only = off; SELECT pg_reload_conf()")
    }

    private var clock: Finding {
        guard clockSkew.magnitude > UInt64(Self.clockLimit) else {
            return .ok(.postgres, "clock", "\(clockSkew) ms from this machine's")
        }
        return .warning(
            .postgres, "clock", "\(clockSkew) ms from this machine's",
            remedy: "synchronise both clocks: timedatectl set-ntp true, or chrony")
    }
}
