public import CoreModels

/// The session that holds the lock of a stream.
public struct LockHolder: Equatable, Sendable {
    public var stream: Stream
    /// Its application: a service's name when it is one.
    public var name: String
    /// Of its server process, for `pg_terminate_backend`.
    public var process: Int64
    public var address: String

    public init(stream: Stream, name: String, process: Int64, address: String) {
        self.stream = stream
        self.name = name
        self.process = process
        self.address = address
    }

    /// All of this database, in the streams' order.
    public static func all(_ connection: PostgresConnection) throws(PostgresError) -> [LockHolder] {
        let result = try connection.run(find())
        return Stream.allCases.flatMap { stream in
            let key = AdvisoryLock.key(stream.rawValue)
            return (0..<result.rowCount).filter { result.integer($0, 0) == key }.map { row in
                LockHolder(
                    stream: stream, name: result.text(row, 1), process: result.integer(row, 2),
                    address: result.text(row, 3))
            }
        }
    }

    private static let find = SQLStatement(
        "lock_holders",
        """
        SELECT (l.classid::bigint << 32) | l.objid::bigint,
            coalesce(nullif(a.application_name, ''), 'an unnamed session'), l.pid::bigint,
            coalesce(host(a.client_addr), 'this machine')
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """)
}
