import CoreModels
import Ledger

/// The committed offsets of a feed's consumers, through a connection that comes back when it broke.
final class OffsetReader {
    private let settings: PostgresSettings
    private var connection: PostgresConnection?

    /// - Throws: `PostgresError` when the database cannot be reached now.
    init(_ settings: PostgresSettings) throws {
        self.settings = settings
        connection = try PostgresConnection(settings)
    }

    /// The lowest number every consumer has committed, 0 for a feed nobody knows; nil while the
    /// database does not answer.
    func lowest(feed: String) -> Int64? {
        do {
            let connection = try connection ?? PostgresConnection(settings)
            self.connection = connection
            let market = try ProgressSnapshot.read(connection, feed: feed).market
            return ReplayWindow.consumers.map { market[$0.rawValue] ?? 0 }.min()
        } catch {
            connection = nil
            return nil
        }
    }
}
