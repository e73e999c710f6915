import Glibc

/// Makes a data directory that Postgres accepts, once.
struct PostgresCluster {
    /// The directory of the programs.
    let programs: String
    let account: Account?

    private static let reachableRoot = "/var/lib/claire-de-binare"

    /// - Returns: where the data lie.
    func prepare(
        home: String, user: String, password: String, isDurable: Bool
    ) throws(PrivateServerError) -> String {
        let data = try dataDirectory(home)
        guard !Files.exists("\(data)/PG_VERSION") else {
            try forgetDeadServer(data)
            return data
        }
        guard !password.isEmpty, !password.utf8.contains(10) else {
            throw .badValue(name: "the password of postgres", reason: "must be one line, not empty")
        }
        // Made aside and renamed, so that a start that is killed leaves no half cluster.
        let fresh = "\(data).new"
        Files.removeTree(fresh)
        Files.removeTree(data)
        try Files.makeDirectory(fresh, mode: 0o700)
        try giveAway(fresh)
        try initialize(
            fresh, home: home, user: user, password: password, isDurable: isDurable)
        guard rename(fresh, data) == 0 else {
            throw .fileFailed(path: data, reason: Files.reason())
        }
        return data
    }

    /// `data` in the directory, or what that links to when the account cannot reach it.
    private func dataDirectory(_ home: String) throws(PrivateServerError) -> String {
        let data = "\(home)/data"
        guard let account, !account.reaches(data) else { return data }
        let elsewhere = "\(Self.reachableRoot)/\(Self.fingerprint(home))"
        try Files.makeDirectory(Self.reachableRoot, mode: 0o755)
        // No link: the directory was erased since, and its data must not come back.
        var facts = stat()
        if lstat(data, &facts) != 0 {
            Files.removeTree(elsewhere)
            guard symlink(elsewhere, data) == 0 else {
                throw .fileFailed(path: data, reason: Files.reason())
            }
        }
        return elsewhere
    }

    private func initialize(
        _ fresh: String, home: String, user: String, password: String, isDurable: Bool
    ) throws(PrivateServerError) {
        let secret = try secretFile(password, home: home)
        defer { close(secret) }
        let log = "\(home)/postgres.log"
        var command = Command(
            "\(programs)/initdb",
            [
                "-D", fresh, "-U", user, "-A", "scram-sha-256", "--pwfile=/dev/stdin",
                "--encoding=UTF8", "--locale=C",
            ] + (isDurable ? [] : ["--no-sync"]),
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
        command.workingDirectory = fresh
        command.input = .descriptor(secret)
        command.output = .file(log)
        command.account = account
        command.whenParentEnds = .terminate
        let status = try ChildProcess.start(command).stop(signal: 0, seconds: 120)
        guard status.isSuccess else {
            throw .ended(server: "initdb", status: "\(status)", log: Files.tail(log))
        }
    }

    /// An open file with the password that has no name any more: it never lies on the disk.
    private func secretFile(
        _ password: String, home: String
    ) throws(PrivateServerError) -> Int32 {
        let path = "\(home)/.password"
        unlink(path)
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .fileFailed(path: path, reason: Files.reason()) }
        unlink(path)
        let isWritten = Files.write(all: Array("\(password)\n".utf8), to: file)
        let isOwned = account.map { fchown(file, $0.user, $0.group) == 0 } ?? true
        guard isWritten, isOwned, lseek(file, 0, SEEK_SET) == 0 else {
            let reason = Files.reason()
            close(file)
            throw .fileFailed(path: path, reason: reason)
        }
        return file
    }

    private func giveAway(_ path: String) throws(PrivateServerError) {
        guard let account else { return }
        guard chown(path, account.user, account.group) == 0 else {
            throw .fileFailed(path: path, reason: "cannot change owner: \(Files.reason())")
        }
    }

    /// After a crash `postmaster.pid` may name a process id that something else has by now;
    /// Postgres would refuse to start. One that is a Postgres is left for Postgres to judge.
    private func forgetDeadServer(_ data: String) throws(PrivateServerError) {
        let path = "\(data)/postmaster.pid"
        guard Files.exists(path) else { return }
        let line = try Files.read(path).prefix { $0 != UInt8(ascii: "\n") }
        let process = String(decoding: line, as: UTF8.self)
        let name = (try? Files.read("/proc/\(process)/comm")) ?? []  // Gone: not a Postgres.
        guard String(decoding: name, as: UTF8.self) != "postgres\n" else { return }
        unlink(path)
    }

    /// FNV-1a over the path: the same place for the same directory.
    private static func fingerprint(_ path: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
