import Ledger

// What the tests do to a copy of a stack's data.
extension Stack {
    /// A copy of the database, changed as nobody may change it; the services have ended.
    func copyOfLedger(
        _ change: (PostgresConnection) throws -> String
    ) throws -> (name: String, answer: String) {
        dropConnection()
        let name = try servers.freshDatabase(copying: database)
        let connection = try PostgresConnection(servers.settings(name))
        defer { connection.close() }
        return (name, try change(connection))
    }
}

extension PostgresConnection {
    /// The first column of the first row.
    func text(_ question: String) throws -> String {
        let statement = SQLStatement("test_\(UInt(bitPattern: question.hashValue))", question)
        let result = try run(statement())
        return result.rowCount > 0 ? result.text(0, 0) : ""
    }
}
