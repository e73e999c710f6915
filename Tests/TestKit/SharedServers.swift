import Glibc
public import PrivateServers
import Synchronization

/// One real Redis and one real Postgres for all tests of this process, each started when it is
/// first asked for. The kernel ends them with the process, however that ends.
public enum SharedServers {
    private static let redisOnce = Once<PrivateRedis>()
    private static let postgresOnce = Once<PrivatePostgres>()
    private static let databases = Mutex(0)
    private static let home = Mutex<String?>(nil)

    public static func redis() throws -> PrivateRedis {
        try redisOnce.value {
            try PrivateRedis.start(directory: directory("redis"), password: "redis secret")
        }
    }

    /// Without fsync: durability is the subject of tests that start a server of their own.
    public static func postgres() throws -> PrivatePostgres {
        try postgresOnce.value {
            try PrivatePostgres.start(
                directory: directory("postgres"), password: "postgres secret", isDurable: false,
                settings: ["max_connections": "100"])
        }
    }

    /// The name of a new, empty database in the shared Postgres.
    public static func freshDatabase() throws -> String {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        let name = "test_\(number)"
        try postgres().execute("CREATE DATABASE \(name)")
        return name
    }

    /// Below one directory that the next run of any test process erases, once this one is gone.
    private static func directory(_ name: String) throws -> String {
        let root = try home.withLock { home in
            if let home { return home }
            let made = "/tmp/cdb-shared-\(getpid())"
            for old in Files.entries(of: "/tmp") where old.hasPrefix("cdb-shared-") {
                let isLive = Files.exists("/proc/\(old.dropFirst(11))")
                if !isLive { Files.removeTree("/tmp/\(old)") }
            }
            Files.removeTree(made)
            try Files.makeDirectory(made, mode: 0o755)
            home = made
            return made
        }
        return "\(root)/\(name)"
    }

    /// A value made by the first who asks; the others wait for it.
    private final class Once<Value: Sendable>: Sendable {
        private let made = Mutex<Value?>(nil)

        func value(_ make: () throws -> Value) throws -> Value {
            try made.withLock { made in
                if let made { return made }
                let value = try make()
                made = value
                return value
            }
        }
    }
}
