import CoreModels
import Ledger
import Testing

// Whether the ledger is as it must be.
extension Stack {
    /// Waits until nothing is under way and everything is in the read tables, then expects the
    /// ledger to be whole: contiguous, one decision per signal, one result per order, fills equal
    /// to positions, cash conserved.
    ///
    /// - Parameter signals: how many there must be; nil for any number.
    func expectWhole(
        signals: Int64? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var report = try verify()
        try wait("nothing is under way") {
            report = try verify()
            return report.violation != nil
                || (report.undecidedSignals == 0 && report.ordersInFlight == 0
                    && report.unwritten == 0)
        }
        #expect(report.violation == nil, sourceLocation: sourceLocation)
        if let signals {
            #expect(try count(.signals) == signals, sourceLocation: sourceLocation)
        }
    }

    func verify() throws -> VerificationReport {
        let connection = try connect()
        defer { connection.close() }
        return try LedgerVerification.run(connection)
    }

    // MARK: Sessions

    /// The server process of the session that owns a service's streams; 0 when there is none.
    func backend(of service: Service) throws -> Int64 {
        try number(
            """
            SELECT coalesce(max(a.pid), 0) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
            WHERE a.datname = '\(database)' AND a.application_name = '\(service.rawValue)'
                AND l.locktype = 'advisory' AND l.granted
            """)
    }

    /// Ends a session from outside and waits until it is gone.
    func terminateBackend(_ process: Int64) throws {
        _ = try rows("SELECT pg_terminate_backend(\(process))")
        try wait("the backend \(process) is gone") {
            try number("SELECT count(*) FROM pg_stat_activity WHERE pid = \(process)") == 0
        }
    }

    /// Waits until a commit of the service hangs at a lock that the test holds.
    func waitForBlockedCommit(of service: Service) throws {
        try wait("a commit of \(service.rawValue) waits for the test's lock") {
            try number(
                """
                SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)'
                    AND application_name = '\(service.rawValue)' AND wait_event_type = 'Lock'
                """) > 0
        }
    }

    /// Lets nobody append to the ledger until `body` has ended, or has given the lock back.
    func withLedgerLocked(_ body: (LedgerLock) throws -> Void) throws {
        let lock = try LedgerLock(connect())
        defer { lock.release() }
        try body(lock)
    }
}

/// Holds up every append to the ledger; reading goes on.
final class LedgerLock {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) throws {
        self.connection = connection
        try connection.execute("BEGIN; LOCK TABLE ledger IN SHARE MODE")
    }

    /// Harmless when done twice.
    func release() { connection.close() }
}
