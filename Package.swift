// swift-tools-version: 6.2
import PackageDescription

// One array of settings for every target: Swift 6 mode, warnings are errors, explicit imports.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func app(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func systemLibrary(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/SystemLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([debian])])
}

// A line leads from a target to what it imports; nothing points up (docs/ARCHITECTURE.md).
let package = Package(
    name: "claire-de-binare",
    targets: [
        // Pure: nothing here can do I/O, read a clock or draw a random number.
        library("CoreModels"),
        library("WireFormats", ["CoreModels"]),
        library("EventSchema", ["CoreModels", "WireFormats"]),
        library("DecisionCores", ["CoreModels"]),
        library("Exchange", ["CoreModels", "WireFormats"]),
        library("MarketSources", ["CoreModels", "WireFormats", "DecisionCores", "Exchange"]),
        library("Backtesting", ["CoreModels", "DecisionCores", "MarketSources"]),
        library(
            "SimulatedExchange", ["CoreModels", "WireFormats", "DecisionCores", "MarketSources"]),

        // Shell: one wrapper per C library.
        .systemLibrary(
            name: "CHiredis", path: "Sources/SystemLibraries/CHiredis",
            providers: [.apt(["libhiredis-dev"])]),
        systemLibrary("CPostgres", pkgConfig: "libpq", debian: "libpq-dev"),
        systemLibrary("CCrypto", pkgConfig: "libcrypto", debian: "libssl-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
        systemLibrary("CZstd", pkgConfig: "libzstd", debian: "libzstd-dev"),
        systemLibrary("CWebSockets", pkgConfig: "libwebsockets", debian: "libwebsockets-dev"),
        systemLibrary("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        .systemLibrary(name: "CSpawn", path: "Sources/SystemLibraries/CSpawn"),
        .systemLibrary(name: "CMalloc", path: "Sources/SystemLibraries/CMalloc"),
        library("ServiceKit", ["CMalloc", "CoreModels", "WireFormats"]),
        library("PrivateServers", ["CSpawn"]),
        library("RedisBus", ["CHiredis", "ServiceKit"]),
        library(
            "WebTransport", ["CoreModels", "CWebSockets", "CCurl", "WireFormats", "ServiceKit"]),
        library(
            "MarketFiles",
            ["CoreModels", "DecisionCores", "MarketSources", "CZlib", "CZstd", "CCrypto"]),
        .target(
            name: "Ledger",
            dependencies: [
                "CPostgres", "CCrypto", "CoreModels", "WireFormats", "EventSchema", "DecisionCores",
            ],
            // The SQL of db/migrations (a link leads there) travels inside the executables.
            resources: [.embedInCode("Migrations")], swiftSettings: settings),
        library(
            "Services",
            [
                "CoreModels", "WireFormats", "EventSchema", "DecisionCores", "Exchange",
                "MarketSources", "ServiceKit", "RedisBus", "Ledger", "WebTransport", "CZlib",
            ]),
        library(
            "Operator",
            [
                "CoreModels", "WireFormats", "EventSchema", "DecisionCores", "MarketSources",
                "Backtesting", "MarketFiles", "PrivateServers", "ServiceKit", "RedisBus", "Ledger",
                "Services",
            ]),

        // Apps: configuration and wiring.
        app("cdb_core", ["Services"]),
        app("cdb_risk", ["Services"]),
        app("cdb_execution", ["Services"]),
        app("cdb_writer", ["Services"]),
        app("cdb_ws", ["Services"]),
        app("cdb_rest", ["Services"]),
        app(
            "mexc_sim",
            [
                "CoreModels", "WireFormats", "MarketSources", "MarketFiles", "SimulatedExchange",
                "ServiceKit", "WebTransport", "CZlib",
            ]),
        app("cdb", ["Operator", "Services"]),
        // Counts allocations, for measurements only.
        .target(name: "CAllocations"),
        app(
            "cdb_bench",
            [
                "CAllocations", "CoreModels", "WireFormats", "EventSchema", "DecisionCores",
                "MarketSources", "MarketFiles", "Backtesting", "ServiceKit", "PrivateServers",
                "RedisBus", "Ledger",
            ]),

        .target(
            name: "TestKit", dependencies: ["PrivateServers"], path: "Tests/TestKit",
            swiftSettings: settings),
        tests("CoreModelsTests", ["CoreModels"]),
        tests("WireFormatsTests", ["CoreModels", "WireFormats"]),
        tests("EventSchemaTests", ["CoreModels", "WireFormats", "EventSchema"]),
        tests("DecisionCoresTests", ["CoreModels", "DecisionCores"]),
        tests("MarketSourcesTests", ["CoreModels", "DecisionCores", "Exchange", "MarketSources"]),
        tests("ExchangeTests", ["CoreModels", "WireFormats", "Exchange"]),
        tests(
            "SimulatedExchangeTests",
            ["CoreModels", "WireFormats", "Exchange", "MarketSources", "SimulatedExchange"]),
        tests(
            "BacktestingTests", ["CoreModels", "DecisionCores", "MarketSources", "Backtesting"]),
        tests("HTTPTests", ["WireFormats"]),
        tests("ServiceKitTests", ["CoreModels", "WireFormats", "ServiceKit"]),
        tests("PrivateServersTests", ["PrivateServers", "TestKit"]),
        tests("RedisBusTests", ["RedisBus", "PrivateServers", "ServiceKit", "TestKit"]),
        tests(
            "LedgerTests",
            [
                "CoreModels", "EventSchema", "DecisionCores", "Ledger", "PrivateServers", "TestKit",
            ]),
        tests(
            "WebTransportTests",
            [
                "CoreModels", "WireFormats", "ServiceKit", "WebTransport", "PrivateServers",
                "TestKit",
            ]),
        tests(
            "ServicesTests",
            ["CoreModels", "DecisionCores", "Exchange", "MarketSources", "ServiceKit", "Services"]),
        tests(
            "MonitoringTests",
            ["CoreModels", "WireFormats", "ServiceKit", "PrivateServers", "TestKit"]),
        tests(
            "ContainerTests",
            [
                "CoreModels", "EventSchema", "Ledger", "RedisBus", "ServiceKit", "Services",
                "PrivateServers", "TestKit",
            ]),
        tests(
            "BackupTests",
            [
                "CoreModels", "WireFormats", "Ledger", "ServiceKit", "PrivateServers", "Operator",
                "TestKit",
            ]),
        tests(
            "EndToEndTests",
            [
                "CoreModels", "WireFormats", "EventSchema", "Ledger", "MarketSources",
                "MarketFiles", "RedisBus", "ServiceKit", "PrivateServers", "WebTransport",
                "TestKit",
            ], exclude: ["ccxt"]),
        tests(
            "OperatorTests",
            [
                "CoreModels", "WireFormats", "DecisionCores", "MarketSources", "Backtesting",
                "MarketFiles", "PrivateServers", "Operator", "RedisBus", "ServiceKit", "CZlib",
                "CZstd", "TestKit",
            ]),
    ]
)
