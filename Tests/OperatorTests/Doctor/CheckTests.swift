import CoreModels
import RedisBus
import Testing

@testable import Operator

/// What no test breaks for real.
@Suite("The doctor's checks")
struct CheckTests {
    private let words = RemedyWords(directory: "/srv/cdb")

    @Test(
        "an environment file is for its owner only",
        arguments: [(UInt32(0o600), Finding.Status.ok), (0o640, .warning), (0o604, .warning)])
    func mode(mode: UInt32, status: Finding.Status) {
        let check = EnvironmentFileCheck(path: ".env", state: .readable(mode: mode), maker: "")
        #expect(check.findings.map(\.status) == [status])
    }

    @Test(
        "placeholders are no secrets",
        arguments: [
            ("changeme", Finding.Status.failed), ("Change_Me_123", .failed),
            ("<your password>", .failed), ("xxxxxxxxxxxxxxxx", .failed), ("PASSWORD", .failed),
            ("${REDIS_PASSWORD}", .failed), ("k3v9x2", .warning),
            ("0123456789abcdef0123456789abcdef", .ok),
        ])
    func placeholders(value: String, status: Finding.Status) {
        let findings = SecretsCheck(
            secrets: [.init(name: "CDB_OPERATOR_TOKEN", value: value)]
        ).findings
        #expect(findings.map(\.status) == [status])
        #expect(!findings.contains { $0.detail.contains(value) })
    }

    @Test("one secret for two is told, without showing it")
    func shared() {
        let value = "0123456789abcdef"
        let findings = SecretsCheck(
            secrets: ["CDB_OPERATOR_TOKEN", "REDIS_PASSWORD"].map { .init(name: $0, value: value) }
        ).findings
        #expect(findings.map(\.status) == [.warning])
        #expect(findings[0].detail == "the same secret: CDB_OPERATOR_TOKEN, REDIS_PASSWORD")
    }

    @Test(
        "room on a disk",
        arguments: [
            (Int64(0), Finding.Status.failed), (99 << 20, .failed), (100 << 20, .warning),
            (1 << 30, .ok),
        ])
    func disk(free: Int64, status: Finding.Status) {
        let check = DiskCheck(point: .postgres, path: "/srv", freeBytes: free)
        #expect(check.findings.map(\.status) == [status])
    }

    @Test(
        "a port is for one program, or for a container's proxy, or free",
        arguments: [
            (["cdb_risk"], Finding.Status.ok), ([], .ok), (["docker-proxy"], .ok), ([nil], .ok),
            (["python3"], .failed), (["cdb_risk", "python3"], .failed),
        ] as [([String?], Finding.Status)])
    func ports(names: [String?], status: Finding.Status) {
        let check = PortsCheck(
            uses: [
                .init(
                    port: 8002, program: "cdb_risk", variable: "CDB_RISK_PORT",
                    holders: names.map { PortHolder(name: $0, process: 77) })
            ], words: words)
        #expect(check.findings.map(\.status) == [status])
        if status == .failed {
            #expect(check.findings[0].detail.contains("8002, for cdb_risk, is held by python3"))
            #expect(check.findings[0].remedy?.contains("kill 77") == true)
        }
    }

    @Test("listeners are read from the kernel's table, those of other addresses left out")
    func table() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F42 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
               1: 00000000:1F43 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1
               2: 0500A8C0:1F44 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1
               3: 0100007F:1F45 0100007F:0001 01 00000000:00000000 00:00000000 00000000     0        0 4714 1
            """
        let found = ListeningPorts.listening(table)
        #expect(found.map(\.port) == [8002, 8003])
        #expect(found.map(\.inode) == ["4711", "4712"])
    }

    @Test("the limit of descriptors is the soft one")
    func descriptors() {
        let table = """
            Limit                     Soft Limit           Hard Limit           Units
            Max open files            1023                 524288               files
            """
        #expect(MachineFacts.descriptorLimit(table) == 1_023)
        #expect(MachineFacts.descriptorLimit("Max open files  unlimited  unlimited") == nil)
        #expect(DescriptorLimitCheck(limit: 1_023).findings.map(\.status) == [.warning])
        #expect(DescriptorLimitCheck(limit: 1_024).findings.map(\.status) == [.ok])
        #expect(DescriptorLimitCheck(limit: nil).findings.map(\.status) == [.ok])
    }

    @Test(
        "Redis' memory",
        arguments: [
            ("0", Finding.Status.ok), ("126", .ok), ("125", .warning), ("105", .failed),
            ("50", .failed),
        ])
    func memory(limit: String, status: Finding.Status) {
        let facts = RedisInspection(text: "used_memory:100\r\nmaxmemory:\(limit)\r\n")
        let check = RedisCheck(facts: facts, words: words)
        #expect(check.findings.first { $0.check == "memory" }?.status == status)
    }

    @Test("a Redis that is old, or whose last write failed")
    func redis() {
        let text =
            "# Server\r\nredis_version:6.2.14\r\naof_enabled:1\r\n"
            + "aof_last_write_status:err\r\nmaxmemory_policy:noeviction\r\n"
        let check = RedisCheck(facts: RedisInspection(text: text), words: words)
        #expect(check.findings.map(\.status) == [.warning, .ok, .failed, .ok])
    }

    @Test("a Postgres that is old, a standby, or of another time")
    func postgres() {
        let old = DatabaseCheck(
            settings: ["server_version_num": "140012", "server_version": "14.12"],
            isStandby: true, clockSkew: -2_001)
        let bad = old.findings.filter { $0.status != .ok }
        #expect(bad.map(\.check) == ["version", "writable", "clock"])
        #expect(bad.map(\.status) == [.failed, .failed, .warning])
    }

    @Test("a login that cannot migrate, act for a role or connect")
    func login() {
        let schema = SchemaCheck(
            error: nil, owner: "cdb_owner", login: "guest", mayMigrate: false, words: words)
        #expect(schema.findings.map(\.status) == [.ok, .warning])
        var roles = DatabaseRights.roles.map { RolesCheck.Role(name: $0) }
        roles[0].isOurs = false
        roles[1].mayConnect = false
        roles.removeLast()
        let check = RolesCheck(
            database: "ledger", login: "guest", roles: roles, rights: DatabaseRights.expected,
            guarded: Set(DatabaseRights.guarded))
        let details = check.findings.map(\.detail)
        #expect(
            details == [
                "guest may not act for cdb_core", "cdb_risk may not connect to ledger",
                "cdb_readonly does not exist",
            ])
    }

    @Test("who is a little behind is told, who is far behind has failed")
    func lag() {
        func check(_ count: Int64) -> [Finding] {
            DeliveryCheck(
                lags: [.init(consumer: "cdb_risk", stream: "signals", count: count)],
                deadLetters: [], words: words
            ).findings
        }
        #expect(check(100).map(\.status) == [.ok, .ok])
        #expect(check(101).map(\.status) == [.warning, .ok])
        #expect(check(1_001).map(\.status) == [.failed, .ok])
    }

    @Test("a degraded service is told with its reason")
    func degraded() {
        let program = ProgramAnswer(
            name: "cdb_core", isFeed: false,
            answer: .heard(
                failures: [],
                status: .object([
                    .init("health", .text("degraded")), .init("reason", .text("Redis: away")),
                ])))
        let bad = ServicesCheck(programs: [program], words: words).findings
        #expect(bad.map(\.status) == [.warning])
        #expect(bad[0].detail == "cdb_core: Redis: away")
    }

    @Test("without an exchange no feed is missed")
    func noFeed() {
        let check = FeedCheck(feeds: [], staleTimeout: 30_000, words: words)
        #expect(check.findings.map(\.status) == [.ok])
    }
}
