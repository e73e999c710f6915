import CoreModels

/// Whether each role may do what its service does, and no more (db/migrations/V0003__roles.sql).
struct RolesCheck: Check {
    struct Role: Sendable, Equatable {
        var name: String
        var mayLogin = true
        var isSuperuser = false
        /// The login of this command may act for it (`SET ROLE`).
        var isOurs = true
        var mayConnect = true
    }

    struct Right: Sendable, Hashable {
        let role: String
        let table: String
        let privilege: String
    }

    let database: String
    let login: String
    let roles: [Role]
    let rights: Set<Right>
    /// Tables whose rows are guarded by policies.
    let guarded: Set<String>

    private static let name = "roles"

    var findings: [Finding] {
        let bad = DatabaseRights.roles.flatMap(judge) + unguarded
        let fine = "\(DatabaseRights.roles.count) with the rights of their service, and no more"
        return bad.isEmpty ? [.ok(.schema, Self.name, fine)] : bad
    }

    private func judge(_ name: String) -> [Finding] {
        guard let role = roles.first(where: { $0.name == name }) else {
            return [
                failed(
                    "\(name) does not exist",
                    "as superuser: CREATE ROLE \(name) LOGIN; and the lines for it in "
                        + "db/migrations/V0003__roles.sql")
            ]
        }
        guard !role.isSuperuser else {
            return [
                failed("\(name) is a superuser and may do all", "ALTER ROLE \(name) NOSUPERUSER;")
            ]
        }
        return standing(role) + missing(role) + surplus(role)
    }

    private func standing(_ role: Role) -> [Finding] {
        var found: [Finding] = []
        if !role.mayLogin {
            found.append(failed("\(role.name) may not log in", "ALTER ROLE \(role.name) LOGIN;"))
        }
        if !role.mayConnect {
            found.append(
                failed(
                    "\(role.name) may not connect to \(database)",
                    "GRANT CONNECT ON DATABASE \(database) TO \(role.name);"))
        }
        if !role.isOurs {
            found.append(
                failed(
                    "\(login) may not act for \(role.name)", "GRANT \(role.name) TO \(login);"))
        }
        return found
    }

    private func missing(_ role: Role) -> [Finding] {
        let missing = DatabaseRights.expected.subtracting(rights).filter { $0.role == role.name }
        guard !missing.isEmpty else { return [] }
        return [
            failed(
                "\(role.name) may not: \(list(missing))",
                statements(missing) { "GRANT \($0) ON \($1) TO \(role.name);" })
        ]
    }

    private func surplus(_ role: Role) -> [Finding] {
        let surplus = rights.subtracting(DatabaseRights.expected).filter { $0.role == role.name }
        guard !surplus.isEmpty else { return [] }
        return [
            failed(
                "\(role.name) may, and must not: \(list(surplus))",
                statements(surplus) { "REVOKE \($0) ON \($1) FROM \(role.name);" })
        ]
    }

    private var unguarded: [Finding] {
        DatabaseRights.guarded.filter { !guarded.contains($0) }.map { table in
            failed(
                "anyone's rows in \(table) may be written by any service",
                "ALTER TABLE \(table) ENABLE ROW LEVEL SECURITY;")
        }
    }

    private func failed(_ detail: String, _ remedy: String) -> Finding {
        .failed(.schema, Self.name, detail, remedy: "as the owner of the schema: " + remedy)
    }

    private func list(_ rights: Set<Right>) -> String {
        grouped(rights).map { "\($0.privileges) \($0.table)" }.joined(separator: ", ")
    }

    private func statements(
        _ rights: Set<Right>, _ statement: (_ privileges: String, _ table: String) -> String
    ) -> String {
        grouped(rights).map { statement($0.privileges, $0.table) }.joined(separator: " ")
    }

    /// By table, sorted.
    private func grouped(_ rights: Set<Right>) -> [(table: String, privileges: String)] {
        Set(rights.map(\.table)).sorted().map { table in
            let own = rights.filter { $0.table == table }.map(\.privilege).sorted()
            return (table, own.joined(separator: ", "))
        }
    }
}
