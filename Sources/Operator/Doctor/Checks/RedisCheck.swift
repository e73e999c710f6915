import RedisBus

/// Version, memory and durability of a Redis that answers.
struct RedisCheck: Check {
    let facts: RedisInspection
    let words: RemedyWords

    private static let oldestVersion = 7

    var findings: [Finding] { [version, policy, appendOnly, memory] }

    private var version: Finding {
        let text = facts["redis_version"] ?? "unknown"
        let major = text.split(separator: ".").first.flatMap { Int($0) } ?? 0
        return major >= Self.oldestVersion
            ? .ok(.redis, "version", text)
            : .warning(
                .redis, "version", "\(text) is older than \(Self.oldestVersion)",
                remedy: "install Redis \(Self.oldestVersion) or newer")
    }

    private var policy: Finding {
        let policy = facts["maxmemory_policy"] ?? "unknown"
        return policy == "noeviction"
            ? .ok(.redis, "maxmemory-policy", policy)
            : .failed(
                .redis, "maxmemory-policy", "\(policy) throws keys away silently",
                remedy: set("maxmemory-policy noeviction"))
    }

    private var appendOnly: Finding {
        guard facts["aof_enabled"] == "1" else {
            return .warning(
                .redis, "appendonly", "it is off", remedy: set("appendonly yes"))
        }
        let status = facts["aof_last_write_status"] ?? "ok"
        return status == "ok"
            ? .ok(.redis, "appendonly", "yes")
            : .failed(
                .redis, "appendonly", "the last write failed (\(status))",
                remedy: "make room on Redis' disk; \(words.log("redis"))")
    }

    private var memory: Finding {
        let used = facts.integer("used_memory") ?? 0
        let limit = facts.integer("maxmemory") ?? 0
        guard limit > 0 else { return .ok(.redis, "memory", "\(used >> 10) KiB used, no limit") }
        let percent = used >= limit ? 100 : used * 100 / limit
        let detail = "\(percent) % of \(limit >> 10) KiB used"
        let remedy = set("maxmemory \(2 * max(limit, used))")
        if percent >= 95 { return .failed(.redis, "memory", detail, remedy: remedy) }
        if percent >= 80 { return .warning(.redis, "memory", detail, remedy: remedy) }
        return .ok(.redis, "memory", detail)
    }

    private func set(_ setting: String) -> String {
        let now = "redis-cli CONFIG SET \(setting)"
        // Nobody may change a setting of the container's Redis while it runs.
        return words.directory == nil
            ? "`\(setting)` in docker/redis/redis.conf and \(words.restart("redis")); elsewhere \(now)"
            : "\(now), or \(words.restart("redis"))"
    }
}
