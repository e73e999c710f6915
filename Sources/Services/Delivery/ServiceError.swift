import CoreModels

/// Why a service cannot go on; its text names the thing and the remedy.
enum ServiceError: Error, CustomStringConvertible {
    case unreadableState(service: Service, key: String)
    case redisMissing(seconds: Int64, reason: String)
    case postgresMissing(seconds: Int64, reason: String)
    case locked(seconds: Int64, holder: String)

    var description: String {
        switch self {
        case .unreadableState(let service, let key):
            "the stored state \(key) of \(service.rawValue) is of another version; run the version"
                + " that wrote it, or restore a backup"
        case .redisMissing(let seconds, let reason):
            "Redis did not answer for \(seconds) s (STARTUP_TIMEOUT_SEC): \(reason);"
                + " check REDIS_HOST, REDIS_PORT, REDIS_USER and REDIS_PASSWORD"
        case .postgresMissing(let seconds, let reason):
            "Postgres did not answer for \(seconds) s (STARTUP_TIMEOUT_SEC): \(reason);"
                + " check POSTGRES_HOST, POSTGRES_PORT and that `cdb migrate` has run"
        case .locked(let seconds, let holder):
            "another copy owns the streams of this service for \(seconds) s"
                + " (STARTUP_TIMEOUT_SEC): \(holder); stop it first"
        }
    }
}
