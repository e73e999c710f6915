import CoreModels
import Foundation
import Testing

@testable import ServiceKit

@Suite("Configuration")
struct ConfigurationTests {
    /// What cdb_risk cannot do without.
    static let mandatory = [
        "REDIS_PASSWORD": "r", "POSTGRES_USER": "u", "POSTGRES_PASSWORD": "p",
    ]

    private func risk(_ extra: [String: String] = [:]) -> Configuration {
        Configuration(
            environment: Self.mandatory.merging(extra) { $1 }, service: "cdb_risk")
    }

    @Test("with the mandatory variables alone, every other one has its default")
    func defaults() {
        let configuration = risk()
        #expect(configuration.problems == [])
        #expect(configuration.warnings == [])
        #expect(configuration.text("REDIS_HOST") == "cdb_redis")
        #expect(configuration.integer("REDIS_PORT") == 6379)
        #expect(configuration.optionalText("REDIS_SOCKET") == nil)
        #expect(configuration.text("POSTGRES_DB") == "claire_de_binare")
        #expect(configuration.decimal("MAX_POSITION_PCT") == Ratio("0.10"))
        #expect(configuration.decimal("INITIAL_CAPITAL") == Money("10000"))
        #expect(!configuration.flag("ALLOW_SHORT"))
        #expect(configuration.text("CDB_CLOCK") == "wall")
        #expect(configuration.optionalText("CDB_OPERATOR_TOKEN") == nil)
        #expect(configuration.httpPort == 8002)
        #expect(!configuration.isGiven("REDIS_HOST"))
        #expect(configuration.isGiven("POSTGRES_USER"))
    }

    @Test("all missing mandatory variables are named at once, with the remedy")
    func missing() throws {
        let configuration = Configuration(
            environment: ["POSTGRES_USER": " "], service: "cdb_risk")
        #expect(configuration.problems.count == 1)
        let problem = try #require(configuration.problems.first)
        #expect(
            problem.hasPrefix("missing: REDIS_PASSWORD, POSTGRES_USER, POSTGRES_PASSWORD; set each")
        )
        #expect(problem.contains(".env"))
    }

    @Test(
        "only what a service uses is mandatory for it",
        arguments: [
            ("cdb_ws", "REDIS_PASSWORD"), ("cdb_rest", "REDIS_PASSWORD"),
            ("cdb_core", "REDIS_PASSWORD, POSTGRES_USER, POSTGRES_PASSWORD"),
            ("cdb_execution", "REDIS_PASSWORD, POSTGRES_USER, POSTGRES_PASSWORD"),
            ("cdb_writer", "REDIS_PASSWORD, POSTGRES_USER, POSTGRES_PASSWORD"),
            (
                "compose",
                "GRAFANA_PASSWORD, CDB_WS_PASSWORD, CDB_REST_PASSWORD, CDB_CORE_PASSWORD, "
                    + "CDB_RISK_PASSWORD, CDB_EXECUTION_PASSWORD, CDB_WRITER_PASSWORD, "
                    + "CDB_READONLY_PASSWORD, CDB_EXPORTER_PASSWORD"
            ), ("cdb", nil),
        ] as [(String, String?)])
    func mandatoryPerService(service: String, names: String?) {
        let problems = Configuration(environment: [:], service: service).problems
        if let names {
            #expect(problems.count == 1)
            #expect(problems.first?.hasPrefix("missing: \(names); set each") == true)
        } else {
            #expect(problems == [])
        }
    }

    @Test("the operator's command can ask for what it needs just then")
    func ifMissing() {
        let configuration = Configuration(environment: ["POSTGRES_USER": "u"], service: "cdb")
        #expect(configuration.problem(ifMissing: ["POSTGRES_USER"]) == nil)
        #expect(
            configuration.problem(ifMissing: ["POSTGRES_USER", "POSTGRES_PASSWORD"])?
                .hasPrefix("missing: POSTGRES_PASSWORD; set each") == true)
    }

    static let range: [(String, String, String, String?)] = [
        // Strict low: above falls to the default, below is clamped to the minimum.
        ("MAX_POSITION_PCT", "0.25", "0.25", nil), ("MAX_POSITION_PCT", "0.01", "0.01", nil),
        ("MAX_POSITION_PCT", "0.250001", "0.1", "the default 0.1"),
        ("MAX_POSITION_PCT", "0.001", "0.01", "the minimum 0.01"),
        ("MAX_POSITION_PCT", "0", "0.01", "the minimum 0.01"),
        ("MAX_POSITION_PCT", "-1", "0.01", "the minimum 0.01"),
        ("MAX_DAILY_DRAWDOWN_PCT", "5.0", "0.05", "did you mean 0.05?"),
        ("MAX_POSITION_PCT", "5.0", "0.1", "did you mean 0.05?"),
        ("STOP_LOSS_PCT", "2", "0.02", "did you mean 0.02?"),
        ("STOP_LOSS_PCT", "0.001", "0.005", "the minimum 0.005"),
        ("MAX_SPREAD_MULTIPLIER", "11", "5.0", "the default 5"),
        ("MAX_SPREAD_MULTIPLIER", "1", "2.0", "the minimum 2"),
        ("DATA_STALE_TIMEOUT_SEC", "121", "30", "the default 30"),
        ("DATA_STALE_TIMEOUT_SEC", "9", "10", "the minimum 10"),
        ("MAX_OPEN_POSITIONS", "0", "1", "the minimum 1"),
        ("INITIAL_CAPITAL", "1e10", "10000", "the default 10000"),
        ("INITIAL_CAPITAL", "1", "100", "the minimum 100"),
        // Strict high: the other way round.
        ("MIN_ORDER_USDT", "0.5", "5", "the default 5"),
        ("MIN_ORDER_USDT", "1001", "1000", "the maximum 1000"),
        // Neither: the default.
        ("CIRCUIT_BREAKER_RETRY_SEC", "0", "60", "the default 60"),
        ("BACKPRESSURE_MAX_LAG", "9", "1000", "the default 1000"),
        ("STARTUP_TIMEOUT_SEC", "601", "60", "the default 60"),
        ("REDIS_PORT", "65536", "6379", "the default 6379"),
        ("PAPER_FEE_BPS", "-1", "10", "the default 10"),
    ]

    @Test("out of range: what is used instead, and a warning that says so", arguments: range)
    func outOfRange(name: String, text: String, used: String, warning: String?) {
        let configuration = risk([name: text])
        #expect(configuration.problems == [])
        let number: Ratio = configuration.decimal(name)
        #expect(number == Ratio(used))
        if let warning {
            #expect(configuration.warnings.count == 1)
            let said = configuration.warnings.first ?? ""
            #expect(said.hasPrefix("\(name)=\(text) is outside "))
            #expect(said.contains(warning))
        } else {
            #expect(configuration.warnings == [])
        }
    }

    @Test("a hint is given only where a fraction is meant")
    func hint() {
        #expect(risk(["MAX_SPREAD_MULTIPLIER": "50"]).warnings.first?.contains("mean") == false)
        #expect(risk(["MAX_POSITION_PCT": "0.3"]).warnings.first?.contains("mean") == false)
    }

    @Test(
        "what is not of its type is a problem that names variable and value",
        arguments: [
            ("MAX_POSITION_PCT", "ten", "MAX_POSITION_PCT=ten is not a number"),
            ("MAX_POSITION_PCT", "NaN", "MAX_POSITION_PCT=NaN is not a number"),
            ("MAX_POSITION_PCT", "0,1", "MAX_POSITION_PCT=0,1 is not a number"),
            ("MAX_OPEN_POSITIONS", "1.5", "MAX_OPEN_POSITIONS=1.5 is not a whole number"),
            ("REDIS_PORT", "6379x", "REDIS_PORT=6379x is not a number"),
            ("ALLOW_SHORT", "maybe", "ALLOW_SHORT=maybe is neither true nor false"),
            ("CDB_CLOCK", "sun", "CDB_CLOCK=sun is none of: wall, market"),
            ("LOG_FORMAT", "xml", "LOG_FORMAT=xml is none of: json, text"),
        ])
    func wrongType(name: String, text: String, problem: String) {
        #expect(risk([name: text]).problems == [problem])
    }

    @Test(
        "values are read with blanks around them and in the forms people use",
        arguments: [
            ("ALLOW_SHORT", " TRUE ", .flag(true)), ("ALLOW_SHORT", "0", .flag(false)),
            ("MAX_POSITION_PCT", "2e-1\n", .number("0.2")), ("REDIS_PORT", "0007", nil),
            ("ENV", "DEV", .text("dev")), ("REDIS_PORT", "1", .number("1")),
        ] as [(String, String, Expected?)])
    func forms(name: String, text: String, expected: Expected?) {
        let configuration = risk([name: text])
        switch expected {
        case .flag(let flag): #expect(configuration.flag(name) == flag)
        case .number(let number): #expect(configuration.decimal(name) == Ratio(number))
        case .text(let text): #expect(configuration.text(name) == text)
        case nil: #expect(configuration.problems.count == 1)
        }
    }

    enum Expected: Sendable {
        case flag(Bool)
        case number(String)
        case text(String)
    }

    @Test("a list is split at commas")
    func lists() {
        let configuration = Configuration(
            environment: ["REDIS_PASSWORD": "r", "SYMBOL_WHITELIST": "BTC_USDT, ETHUSDT,,"],
            service: "cdb_ws")
        #expect(configuration.list("SYMBOL_WHITELIST") == ["BTC_USDT", "ETHUSDT"])
        let empty = Configuration(environment: ["REDIS_PASSWORD": "r"], service: "cdb_ws")
        #expect(empty.list("SYMBOL_WHITELIST") == [])
    }

    @Test(
        "old names are refused with the new one",
        arguments: [
            ("MAX_TOTAL_EXPOSURE_PCT", "MAX_EXPOSURE_PCT"),
            ("MAX_POSITION_SIZE", "MAX_POSITION_PCT"),
            ("MAX_DAILY_DRAWDOWN", "MAX_DAILY_DRAWDOWN_PCT"),
            ("SIGNAL_THRESHOLD", "SIGNAL_THRESHOLD_PCT"), ("LOOKBACK_MIN", "LOOKBACK_MINUTES"),
            ("TEST_BALANCE", "INITIAL_CAPITAL"),
        ])
    func oldNames(old: String, new: String) {
        #expect(risk([old: "1"]).problems == ["\(old) is an old name: set \(new) instead"])
        #expect(ConfigurationTable.variable(old) == nil)
        #expect(ConfigurationTable.variable(new) != nil)
    }

    @Test("all problems are told at once, and none tells a secret")
    func everything() {
        let secret = "hunter2-hunter2"
        let configuration = Configuration(
            environment: [
                "REDIS_PASSWORD": secret, "CDB_OPERATOR_TOKEN": secret, "REDIS_PORT": "x",
                "TEST_BALANCE": "1", "MAX_POSITION_PCT": "9",
            ], service: "cdb_risk")
        #expect(configuration.problems.count == 3)
        let said = (configuration.problems + configuration.warnings).joined()
        #expect(!said.contains(secret))
        #expect(!"\(configuration.described)".contains(secret))
        #expect(configuration.described.contains { $0.name == "REDIS_HOST" })
        #expect(!configuration.described.contains { $0.name == "REDIS_PASSWORD" })
    }

    @Test("live trading is refused by execution")
    func live() {
        var environment = Self.mandatory
        environment["TRADING_MODE"] = "LIVE"
        let problems = Configuration(environment: environment, service: "cdb_execution").problems
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("TRADING_MODE=live is refused") == true)
        #expect(Configuration(environment: environment, service: "cdb_risk").problems == [])
    }

    @Test("a secret may come from a file")
    func secretFiles() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("cdb-config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: directory) } catch { Issue.record(error) }
        }
        let file = directory.appendingPathComponent("secret")
        try Data("s3cret\n".utf8).write(to: file)
        let empty = directory.appendingPathComponent("empty")
        try Data().write(to: empty)
        func problems(_ environment: [String: String]) -> [String] {
            Configuration(environment: environment, service: "cdb_ws").problems
        }
        let read = Configuration(
            environment: ["REDIS_PASSWORD_FILE": file.path], service: "cdb_ws")
        #expect(read.problems == [])
        #expect(read.text("REDIS_PASSWORD") == "s3cret")
        #expect(
            problems(["REDIS_PASSWORD_FILE": "/no/such"])
                == ["REDIS_PASSWORD_FILE: cannot read /no/such: No such file or directory"])
        #expect(
            problems(["REDIS_PASSWORD_FILE": empty.path])
                == ["REDIS_PASSWORD_FILE: \(empty.path) is empty"])
        #expect(
            problems(["REDIS_PASSWORD_FILE": file.path, "REDIS_PASSWORD": "x"])
                == ["REDIS_PASSWORD and REDIS_PASSWORD_FILE are both set: keep one"])
    }

    @Test("overrides need nothing, may set anything, and know every name")
    func overrides() {
        let configuration = Configuration(overrides: ["MAX_POSITION_PCT": "0.25"])
        #expect(configuration.problems == [])
        #expect(configuration.decimal("MAX_POSITION_PCT") == Ratio("0.25"))
        #expect(configuration.decimal("SIGNAL_THRESHOLD_PCT") == Ratio("3"))
        #expect(
            Configuration(overrides: ["MAX_LUCK": "1", "TEST_BALANCE": "1"]).problems == [
                "TEST_BALANCE is an old name: set INITIAL_CAPITAL instead",
                "MAX_LUCK is no variable of the configuration",
            ])
    }

    @Test("the table is sound", arguments: ConfigurationTable.all)
    func table(variable: Variable) {
        #expect(!variable.summary.isEmpty && !variable.readers.isEmpty)
        #expect(ConfigurationTable.all.filter { $0.name == variable.name }.count == 1)
        #expect((variable.minimum == nil) == (variable.maximum == nil))
        if variable.kind == .integer || variable.kind == .decimal {
            #expect(variable.minimum != nil && variable.defaultText != nil)
        }
        if let text = variable.defaultText {
            guard case .value = VariableReading(text, of: variable) else {
                Issue.record("the default of \(variable.name) is out of its range")
                return
            }
        }
    }
}
