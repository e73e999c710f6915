import CoreModels
import Ledger

/// Whether everybody has handled everything: asked before the summary is counted.
enum Settling {
    /// Events of the ledger above the offset of a service that has to handle them: signals and
    /// results at risk, orders at execution, all but its own alerts at the writer.
    static func pending(_ connection: PostgresConnection) throws(PostgresError) -> Int64 {
        try connection.run(question()).integer(0, 0)
    }

    private static let question = SQLStatement(
        "settling",
        """
        SELECT coalesce(sum(greatest(0, head.seq - coalesce(o.seq, 0))), 0)::bigint
        FROM (VALUES ('signals', 'cdb_risk'), ('orders', 'cdb_execution'),
            ('order_results', 'cdb_risk'), ('signals', 'cdb_writer'),
            ('risk_decisions', 'cdb_writer'), ('orders', 'cdb_writer'),
            ('order_results', 'cdb_writer'), ('account', 'cdb_writer'),
            ('alerts.cdb_core', 'cdb_writer'), ('alerts.cdb_risk', 'cdb_writer'),
            ('alerts.cdb_execution', 'cdb_writer')) AS d(stream, consumer)
        CROSS JOIN LATERAL (SELECT coalesce(max(seq), 0) AS seq FROM ledger l
            WHERE l.stream = d.stream) AS head
        LEFT JOIN consumer_offset o ON o.consumer = d.consumer AND o.stream = d.stream
        """)
}
