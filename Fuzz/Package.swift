// swift-tools-version: 6.2
import PackageDescription

// The decoders once more, built so that libFuzzer sees which way an input takes through them.
// scripts/fuzz.sh builds and runs it: it knows where the toolchain keeps libFuzzer's archive.
// The archive without `main` is linked: SwiftPM gives an executable its own entry point.
guard let archive = Context.environment["FUZZER_ARCHIVE"] else {
    preconditionFailure("build with scripts/fuzz.sh")
}

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "fuzz",
    targets: [
        library("CoreModels"),
        library("WireFormats", ["CoreModels"]),
        library("EventSchema", ["CoreModels", "WireFormats"]),
        library("DecisionCores", ["CoreModels"]),
        library("Exchange", ["CoreModels", "WireFormats"]),
        library("MarketSources", ["CoreModels", "WireFormats", "DecisionCores", "Exchange"]),
        .systemLibrary(name: "CFuzzer"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "CoreModels", "WireFormats", "EventSchema", "Exchange", "MarketSources", "CFuzzer",
            ],
            swiftSettings: settings,
            linkerSettings: [
                .unsafeFlags(["-sanitize=address", archive]), .linkedLibrary("stdc++"),
            ]),
    ]
)
