import CoreModels

/// Session locks of Postgres: who holds a stream's lock owns the stream.
public enum AdvisoryLock {
    public enum Outcome: Equatable, Sendable {
        case owned
        /// Somebody else has it; the text names who.
        case heldBy(String)
    }

    /// A stable key for a name: FNV-1a, 64 bits.
    static func key(_ name: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "cdb:\(name)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }

    /// Takes the locks of all streams or none, without waiting. Taking them twice is harmless.
    static func take(
        _ streams: [Stream], _ connection: PostgresConnection
    ) throws(PostgresError) -> Outcome {
        var taken: [Int64] = []
        for stream in streams {
            let key = key(stream.rawValue)
            if try connection.run(take(.integer(key))).flag(0, 0) {
                taken.append(key)
                continue
            }
            for key in taken { _ = try connection.run(release(.integer(key))) }
            return .heldBy(try holder(of: key, stream, connection))
        }
        return .owned
    }

    /// Gives back every lock of the session; a session that is over has none.
    static func releaseAll(_ connection: PostgresConnection) {
        guard connection.isOpen else { return }
        do {
            try connection.execute("SELECT pg_advisory_unlock_all()")
        } catch {
            // Who cannot be told that the locks are free loses them with the session.
            connection.close()
        }
    }

    /// Names the session that holds a lock.
    private static func holder(
        of key: Int64, _ stream: Stream, _ connection: PostgresConnection
    ) throws(PostgresError) -> String {
        let result = try connection.run(find(.integer(key)))
        guard result.rowCount > 0 else { return "a session that has just ended" }
        return "\(result.text(0, 0)) (process \(result.text(0, 1)) at \(result.text(0, 2)))"
            + " holds the stream \(stream.rawValue)"
    }

    private static let take = SQLStatement(
        "lock_take", "SELECT pg_try_advisory_lock($1::bigint)")
    private static let release = SQLStatement(
        "lock_release", "SELECT pg_advisory_unlock($1::bigint)")
    private static let find = SQLStatement(
        "lock_find",
        """
        SELECT coalesce(nullif(a.application_name, ''), 'an unnamed session'), l.pid::text,
            coalesce(host(a.client_addr), 'this machine')
        FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND l.classid = (($1::bigint >> 32) & 4294967295)::oid
            AND l.objid = ($1::bigint & 4294967295)::oid
        """)
}
