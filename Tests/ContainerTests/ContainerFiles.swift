import Foundation
import Testing

/// The files that the containers are made from, and passwords for a test.
enum ContainerFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    static func lines(_ name: String) throws -> [String] {
        try String(contentsOfFile: path(name), encoding: .utf8).components(separatedBy: "\n")
    }

    static let users = [
        "cdb_ws", "cdb_rest", "cdb_core", "cdb_risk", "cdb_execution", "cdb_writer",
        "cdb_readonly", "cdb_exporter",
    ]

    /// With what a shell, SQL or Redis could stumble over.
    static func password(of user: String) -> String { "\(user)'s $1 \\ \"&/# secret" }

    /// As the containers have them.
    static let environment: [String: String] = {
        var environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C",
            "POSTGRES_DB": "claire_de_binare", "POSTGRES_PASSWORD": password(of: "cdb_owner"),
            "REDIS_PASSWORD": password(of: "default"),
        ]
        for user in users { environment["\(user.uppercased())_PASSWORD"] = password(of: user) }
        return environment
    }()
}
