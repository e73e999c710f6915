import CoreModels

/// One thing that is broken, what the doctor has to say about it, and how it is mended.
struct Fault {
    /// What the doctor has to find; texts are parts of what it says.
    struct Expected {
        let point: String
        let check: String
        var status = "failed"
        let detail: String
        let remedy: String

        /// - Parameter finding: of `cdb doctor --json`.
        func isMet(by finding: Value) -> Bool {
            finding["point"].text == point && finding["check"].text == check
                && finding["status"].text == status
                && finding["detail"].text?.contains(detail) == true
                && finding["remedy"].text?.contains(remedy) == true
        }
    }

    let name: String
    let expected: Expected
    /// Of the doctor's environment; nil takes a variable out.
    var changes: [String: String?] = [:]
    var make: (Patient) throws -> Void = { _ in }
    var mend: (Patient) throws -> Void = { _ in }

    init(
        _ name: String, _ expected: Expected, changes: [String: String?] = [:],
        make: @escaping (Patient) throws -> Void = { _ in },
        mend: @escaping (Patient) throws -> Void = { _ in }
    ) {
        self.name = name
        self.expected = expected
        self.changes = changes
        self.make = make
        self.mend = mend
    }

    /// Statements in a database, and those that undo them.
    init(
        _ name: String, _ expected: Expected, in database: String? = nil, sql broken: String,
        mendedBy mended: String
    ) {
        self.init(
            name, expected, changes: database.map { ["POSTGRES_DB": $0] } ?? [:],
            make: { try $0.execute(broken, in: database) },
            mend: { try $0.execute(mended, in: database) })
    }
}
