import Glibc

/// A user and group to run a server as.
public struct Account: Sendable, Equatable {
    public let user: UInt32
    public let group: UInt32

    /// Whom to run Postgres as: ourselves, or, since Postgres refuses root, `postgres` or `nobody`.
    /// - Returns: nil when we are not root and stay who we are.
    static func forPostgres() throws(PrivateServerError) -> Account? {
        guard geteuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            if let account = Account(name: name) { return account }
        }
        throw .noUnprivilegedAccount
    }

    init?(name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return nil
        }
        user = entry.pw_uid
        group = entry.pw_gid
    }

    /// Whether the account may pass through every directory above `path`.
    func reaches(_ path: String) -> Bool {
        var current = "/"
        for part in path.split(separator: "/").dropLast() {
            current += "\(part)/"
            var facts = stat()
            guard stat(current, &facts) == 0, maySearch(facts) else { return false }
        }
        return true
    }

    private func maySearch(_ facts: stat) -> Bool {
        if facts.st_uid == user { return facts.st_mode & S_IXUSR != 0 }
        if facts.st_gid == group { return facts.st_mode & S_IXGRP != 0 }
        return facts.st_mode & S_IXOTH != 0
    }
}
