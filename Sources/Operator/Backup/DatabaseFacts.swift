import Ledger

/// What one snapshot of a stack's database says about it.
struct DatabaseFacts: Equatable {
    /// The last event of a stream.
    struct Head: Equatable {
        let stream: String
        let sequence: Int64
        /// Of the chain up to it, in hex digits.
        let hash: String
    }

    /// Of the server, as Postgres counts: 150014 is 15.14.
    let server: Int
    /// Of the tables, as `Migrations` counts.
    let schema: Int64
    /// Who has rights on the tables, the owner excepted.
    let roles: [String]
    /// In the order of their names; a stream without events has none.
    let heads: [Head]

    var events: Int64 { heads.reduce(0) { $0 + $1.sequence } }

    static func majorVersion(_ server: Int) -> Int { server / 10_000 }

    /// Reads them in the transaction under way, if there is one.
    /// - Throws: `PostgresError`; there must be a schema.
    static func read(_ connection: PostgresConnection) throws(PostgresError) -> DatabaseFacts {
        let results = try connection.run([versions(), roleNames(), lastRows()])
        return DatabaseFacts(
            server: Int(results[0].integer(0, 0)), schema: results[0].integer(0, 1),
            roles: (0..<results[1].rowCount).map { results[1].text($0, 0) },
            heads: (0..<results[2].rowCount).map {
                Head(
                    stream: results[2].text($0, 0), sequence: results[2].integer($0, 1),
                    hash: results[2].text($0, 2))
            })
    }

    private static let versions = SQLStatement(
        "backup_versions",
        """
        SELECT current_setting('server_version_num')::bigint,
            (SELECT coalesce(max(version), 0) FROM schema_version)
        """)
    private static let roleNames = SQLStatement(
        "backup_roles",
        """
        SELECT DISTINCT r.rolname::text COLLATE "C"
        FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS a JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner ORDER BY 1
        """)
    private static let lastRows = SQLStatement(
        "backup_heads",
        """
        SELECT l.stream, l.seq, encode(l.hash, 'hex') FROM ledger l
        JOIN (SELECT stream, max(seq) AS seq FROM ledger GROUP BY stream) AS top USING (stream, seq)
        ORDER BY l.stream COLLATE "C"
        """)
}
