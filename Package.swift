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

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
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
        library("MarketSources", ["CoreModels", "DecisionCores"]),

        // Shell: one wrapper per C library.
        systemLibrary("CHiredis", pkgConfig: "hiredis", debian: "libhiredis-dev"),
        systemLibrary("CPostgres", pkgConfig: "libpq", debian: "libpq-dev"),
        systemLibrary("CCrypto", pkgConfig: "libcrypto", debian: "libssl-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
        systemLibrary("CZstd", pkgConfig: "libzstd", debian: "libzstd-dev"),
        library("ServiceKit", ["CoreModels", "WireFormats"]),
        library("RedisBus", ["CHiredis", "ServiceKit"]),
        library("Ledger", ["CPostgres", "CCrypto", "CoreModels", "EventSchema", "ServiceKit"]),
        library(
            "Services",
            [
                "CoreModels", "WireFormats", "EventSchema", "DecisionCores", "ServiceKit",
                "RedisBus", "Ledger",
            ]),
        library(
            "Operator",
            [
                "CoreModels", "WireFormats", "EventSchema", "DecisionCores", "MarketSources",
                "ServiceKit", "RedisBus", "Ledger", "Services", "CZlib", "CZstd", "CCrypto",
            ]),

        // Apps: configuration and wiring.
        app("cdb_core", ["Services"]),
        app("cdb_risk", ["Services"]),
        app("cdb_execution", ["Services"]),
        app("cdb_writer", ["Services"]),
        app("cdb", ["Operator"]),
    ]
)
