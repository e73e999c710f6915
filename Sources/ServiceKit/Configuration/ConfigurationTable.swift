/// Every variable of the project's environment: the one list that `.env.example` and
/// docs/CONFIGURATION.md are compared with. Numbers are those of RISK.md's and the other limits.
public enum ConfigurationTable {
    public static let all: [Variable] = sections.flatMap(\.variables)

    /// The table in parts, as `.env` and docs/CONFIGURATION.md have them.
    public static let sections: [(title: String, variables: [Variable])] = [
        ("Redis", redis), ("Postgres", postgres), ("HTTP and log", serving), ("Feeds", feeds),
        ("Signals", signals), ("Risk limits", limits),
        ("Circuit breaker, shorts, backpressure", breaker), ("Paper execution", paper),
        ("Operation", operation), ("Containers", containers),
    ]

    /// Names of earlier versions and what replaced them: refused, so that nobody trades with a
    /// limit that is not in force.
    public static let oldNames: [(old: String, new: String)] = [
        ("LOOKBACK_MIN", "LOOKBACK_MINUTES"),
        ("MAX_DAILY_DRAWDOWN", "MAX_DAILY_DRAWDOWN_PCT"),
        ("MAX_POSITION_SIZE", "MAX_POSITION_PCT"),
        ("MAX_TOTAL_EXPOSURE_PCT", "MAX_EXPOSURE_PCT"),
        ("SIGNAL_THRESHOLD", "SIGNAL_THRESHOLD_PCT"),
        ("TEST_BALANCE", "INITIAL_CAPITAL"),
    ]

    public static let services = [
        "cdb_ws", "cdb_rest", "cdb_core", "cdb_risk", "cdb_execution", "cdb_writer",
        "cdb_dashboard", "cdb_notify", "cdb_ml",
    ]

    private static let ledgerReaders = [
        "cdb_core", "cdb_risk", "cdb_execution", "cdb_writer", "cdb_dashboard",
    ]
    private static let feedReaders = ["cdb_ws", "cdb_rest"]
    private static let compose = ["compose"]
    private static let core = ["cdb_core"]
    private static let risk = ["cdb_risk"]
    private static let execution = ["cdb_execution"]
    /// Risk keeps back the cash for fee, slippage and spread that execution charges.
    private static let riskAndExecution = ["cdb_risk", "cdb_execution"]

    public static func variable(_ name: String) -> Variable? { all.first { $0.name == name } }

    private static let redis: [Variable] = [
        Variable("REDIS_HOST", .text, "cdb_redis", readers: services, "host of Redis"),
        Variable(
            "REDIS_PORT", .integer, "6379", from: "1", to: "65535", readers: services,
            "port of Redis"),
        Variable(
            "REDIS_SOCKET", .text, readers: services,
            "path of a Unix socket; replaces host and port"),
        Variable("REDIS_USER", .text, readers: services, "user of Redis; empty: its default user"),
        Variable(
            "REDIS_PASSWORD", .secret, isMandatory: true, readers: services,
            "password of that user"),
        Variable(
            "REDIS_DB", .integer, "0", from: "0", to: "15", readers: services,
            "number of the Redis database"),
    ]

    private static let postgres: [Variable] = [
        Variable(
            "POSTGRES_HOST", .text, "cdb_postgres", readers: ledgerReaders, "host of Postgres"),
        Variable(
            "POSTGRES_PORT", .integer, "5432", from: "1", to: "65535", readers: ledgerReaders,
            "port of Postgres"),
        Variable(
            "POSTGRES_USER", .text, isMandatory: true, readers: ledgerReaders, "user of Postgres"),
        Variable(
            "POSTGRES_PASSWORD", .secret, isMandatory: true, readers: ledgerReaders,
            "password of that user"),
        Variable(
            "POSTGRES_DB", .text, "claire_de_binare", readers: ledgerReaders,
            "name of the database"),
    ]

    private static let serving: [Variable] =
        [
            ("WS", "8000"), ("CORE", "8001"), ("RISK", "8002"), ("EXECUTION", "8003"),
            ("WRITER", "8004"), ("DASHBOARD", "8005"), ("NOTIFY", "8006"), ("ML", "8007"),
            ("REST", "8080"),
        ].map { name, port in
            Variable(
                "CDB_\(name)_PORT", .integer, port, from: "0", to: "65535",
                readers: ["cdb_\(name.lowercased())"], "HTTP port; 0 takes any free one")
        } + [
            Variable(
                "CDB_BIND", .text, "127.0.0.1", readers: services,
                "address that HTTP listens on; the container image sets 0.0.0.0"),
            Variable(
                "LOG_LEVEL", .choice(["DEBUG", "INFO", "WARN", "WARNING", "ERROR"]), "INFO",
                readers: services, "the least that is logged"),
            Variable(
                "LOG_FORMAT", .choice(["json", "text"]), "json", readers: services,
                "`text` for a terminal"),
        ]

    private static let feeds: [Variable] = [
        Variable(
            "SYMBOL_WHITELIST", .list, readers: feedReaders,
            "symbols to follow, comma-separated; empty: all USDT pairs"),
        Variable(
            "LOOKBACK_MINUTES", .integer, "15", from: "1", to: "1440", unit: "min",
            readers: feedReaders, "window of change and volume"),
        Variable(
            "TOP_N", .integer, "0", from: "0", to: "10000", unit: "symbols", readers: feedReaders,
            "publish only the largest movers; 0: all"),
        Variable(
            "MEXC_WS_URL", .text, "wss://contract.mexc.com/edge", readers: feedReaders,
            "the exchange's public WebSocket"),
        Variable(
            "MEXC_REST_URL", .text, "https://api.mexc.com", readers: feedReaders,
            "the exchange's public REST address"),
    ]

    private static let signals: [Variable] = [
        Variable(
            "SIGNAL_THRESHOLD_PCT", .decimal, "3.0", from: "0.01", to: "50", unit: "percent",
            readers: core, "change that makes a signal"),
        Variable(
            "SIGNAL_MIN_VOLUME", .decimal, "100000", from: "0", to: "1e12", unit: "USDT",
            readers: core, "turnover in the window below which there is no signal"),
        Variable(
            "SIGNAL_COOLDOWN_SEC", .integer, "60", from: "0", to: "86400", unit: "s", readers: core,
            "pause between signals of one symbol and side"),
        Variable(
            "ALLOW_INJECT", .flag, "false", readers: core,
            "accept signals made by hand; `cdb up` sets true"),
    ]

    private static let limits: [Variable] = [
        Variable(
            "MAX_POSITION_PCT", .decimal, "0.10", from: "0.01", to: "0.25", unit: "fraction",
            strict: .low, readers: risk, "largest position, of the day's starting equity"),
        Variable(
            "MAX_EXPOSURE_PCT", .decimal, "0.50", from: "0.10", to: "1.00", unit: "fraction",
            strict: .low, readers: risk, "largest sum of positions, of the day's starting equity"),
        Variable(
            "MAX_DAILY_DRAWDOWN_PCT", .decimal, "0.05", from: "0.01", to: "0.20", unit: "fraction",
            strict: .low, readers: risk, "loss of a day that halts and sells everything"),
        Variable(
            "STOP_LOSS_PCT", .decimal, "0.02", from: "0.005", to: "0.10", unit: "fraction",
            strict: .low, readers: risk, "loss of a position that sells it"),
        Variable(
            "MAX_SLIPPAGE_PCT", .decimal, "0.01", from: "0.001", to: "0.05", unit: "fraction",
            strict: .low, readers: risk, "slippage of a fill that pauses"),
        Variable(
            "MAX_SPREAD_MULTIPLIER", .decimal, "5.0", from: "2.0", to: "10.0", unit: "times",
            strict: .low, readers: risk, "spread over its median that blocks a symbol"),
        Variable(
            "MAX_VOLATILITY_5M_PCT", .decimal, "0.10", from: "0.02", to: "0.50", unit: "fraction",
            strict: .low, readers: risk, "range within 5 minutes that blocks a symbol"),
        Variable(
            "DATA_STALE_TIMEOUT_SEC", .integer, "30", from: "10", to: "120", unit: "s",
            strict: .low, readers: feedReaders + riskAndExecution,
            "silence after which data is stale"),
        Variable(
            "MIN_ORDER_USDT", .decimal, "5", from: "1", to: "1000", unit: "USDT", strict: .high,
            readers: risk, "smallest order"),
        Variable(
            "MAX_OPEN_POSITIONS", .integer, "10", from: "1", to: "100", unit: "positions",
            strict: .low, readers: risk, "most positions at once, openings in flight included"),
        Variable(
            "INITIAL_CAPITAL", .decimal, "10000", from: "100", to: "1e9", unit: "USDT",
            strict: .low, readers: risk, "cash at the first start"),
    ]

    private static let breaker: [Variable] = [
        Variable(
            "CIRCUIT_BREAKER_RETRY_SEC", .integer, "60", from: "1", to: "3600", unit: "s",
            readers: risk, "pause between attempts to resume"),
        Variable(
            "CIRCUIT_BREAKER_MAX_RETRIES", .integer, "10", from: "0", to: "1000", unit: "attempts",
            readers: risk, "attempts before the pause becomes a halt"),
        Variable(
            "ALLOW_SHORT", .flag, "false", readers: risk, "a SELL may open a short position"),
        Variable(
            "BACKPRESSURE_MAX_LAG", .integer, "1000", from: "10", to: "1000000", unit: "orders",
            readers: risk, "orders not handled yet beyond which signals are rejected"),
    ]

    private static let paper: [Variable] = [
        Variable(
            "TRADING_MODE", .choice(["paper", "live"]), "paper", readers: execution,
            "`live` is refused in this version"),
        Variable(
            "PAPER_SLIPPAGE_BPS", .decimal, "5", from: "0", to: "1000", unit: "bp",
            readers: riskAndExecution, "slippage of each fill"),
        Variable(
            "PAPER_SPREAD_BPS", .decimal, "2", from: "0", to: "1000", unit: "bp",
            readers: riskAndExecution, "spread assumed where there is no book"),
        Variable(
            "PAPER_FEE_BPS", .decimal, "10", from: "0", to: "1000", unit: "bp",
            readers: riskAndExecution, "fee of each fill"),
        Variable(
            "PAPER_LATENCY_MS", .integer, "0", from: "0", to: "60000", unit: "ms",
            readers: execution, "an order fills on the first quote so long after its decision"),
        Variable(
            "PAPER_REJECT_RATE", .decimal, "0", from: "0", to: "1", unit: "fraction",
            readers: execution, "share of orders rejected, for tests"),
    ]

    private static let operation: [Variable] = [
        Variable(
            "CDB_CLOCK", .choice(["wall", "market"]), "wall",
            readers: feedReaders + core + risk + execution,
            "`market` in replays: time is that of the feed"),
        Variable(
            "CDB_CANDLE_SEC", .integer, "0", from: "0", to: "604800", unit: "s",
            readers: riskAndExecution,
            "length of the candles a replay plays, set by `cdb up`: data is stale after two of them"
                + " at the earliest"),
        Variable(
            "STARTUP_TIMEOUT_SEC", .integer, "60", from: "5", to: "600", unit: "s",
            readers: services, "how long a start waits for Redis, Postgres and locks"),
        Variable(
            "ENV", .choice(["prod", "dev"]), "prod", readers: services,
            "`dev` adds endpoints for tests"),
        Variable(
            "CDB_OPERATOR_TOKEN", .secret, readers: risk + ["cdb_dashboard"],
            "bearer token of operators' commands; without it they answer 403"),
    ]

    /// What docker-compose.yml takes from `.env` for itself.
    private static let containers: [Variable] =
        [
            Variable(
                "COMPOSE_PROFILES", .text, "sim", readers: compose,
                "`sim`: the market is the simulated exchange; empty: that of MEXC_WS_URL"),
            Variable(
                "MEXC_SIM_SPEED", .decimal, "1", from: "0.1", to: "1000", unit: "times",
                readers: compose,
                "how fast the simulated market runs; beside 1, set CDB_CLOCK=market"),
            Variable(
                "MEXC_SIM_SEED", .integer, "1", from: "0", to: "1000000000", readers: compose,
                "which simulated market"),
            Variable(
                "CDB_PUBLISH", .text, "127.0.0.1", readers: compose,
                "address of this machine on which the containers' ports are open"),
            Variable(
                "GRAFANA_PASSWORD", .secret, isMandatory: true, readers: compose,
                "password of Grafana's admin"),
        ]
        + ["ws", "rest", "core", "risk", "execution", "writer", "readonly", "exporter"].map {
            Variable(
                "CDB_\($0.uppercased())_PASSWORD", .secret, isMandatory: true, readers: compose,
                "password of the user cdb_\($0)")
        }
}
