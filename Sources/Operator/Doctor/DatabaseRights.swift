import CoreModels

/// Who may do what in the database, as db/migrations/V0003__roles.sql grants it.
enum DatabaseRights {
    static let services = Service.allCases.map(\.rawValue)
    static let roles = services + ["cdb_readonly"]
    /// A service writes only rows of its own in these.
    static let guarded = ["ledger", "consumer_offset", "service_state", "dead_letters"]
    static let privileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]

    /// Beyond reading.
    private static let ofServices = [
        "ledger": ["INSERT"], "dead_letters": ["INSERT"], "consumer_offset": ["INSERT", "UPDATE"],
        "service_state": ["INSERT", "UPDATE", "DELETE"],
    ]
    private static let ofWriter = [
        "signals": ["INSERT"], "risk_events": ["INSERT"], "fills": ["INSERT"],
        "balances": ["INSERT"], "alerts": ["INSERT"], "strategy_params": ["INSERT"],
        "orders": ["INSERT", "UPDATE"], "trades": ["INSERT", "UPDATE"],
        "health_checks": ["INSERT", "UPDATE"], "metrics": ["INSERT", "UPDATE"],
        "positions": ["INSERT", "UPDATE", "DELETE"],
    ]

    static let tables = (["schema_version"] + ofServices.keys + ofWriter.keys).sorted()

    static let expected: Set<RolesCheck.Right> = {
        var rights: Set<RolesCheck.Right> = []
        for role in roles {
            for table in tables {
                let isService = services.contains(role)
                let written =
                    (isService ? ofServices[table] ?? [] : [])
                    + (role == Service.writer.rawValue ? ofWriter[table] ?? [] : [])
                for privilege in ["SELECT"] + written {
                    rights.insert(.init(role: role, table: table, privilege: privilege))
                }
            }
        }
        return rights
    }()
}
