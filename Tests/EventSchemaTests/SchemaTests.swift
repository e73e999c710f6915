import CoreModels
import EventSchema
import Foundation
import Testing
import WireFormats

private let schemaPath = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "docs/EVENT_SCHEMA.json"
    ).path()

private let python = "/usr/bin/python3"

private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

private let hasValidator: Bool = {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    return (try? run(["-c", "from jsonschema import Draft202012Validator"]).status) == 0
}()

@Suite("docs/EVENT_SCHEMA.json") struct SchemaTests {
    private func definitions() throws -> Value {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: schemaPath)))
        return try JSONDocument.parse(bytes, limit: .max)["$defs"]
    }

    /// The example decoded as an event of its type and encoded again.
    private func reencoded(_ type: String, _ bytes: [UInt8]) throws -> [UInt8] {
        switch type {
        case "market_data": MarketDataCodec.encode(try MarketDataCodec.decode(bytes, from: .ledger))
        case "signal": SignalCodec.encode(try SignalCodec.decode(bytes, from: .ledger))
        case "risk_decision":
            RiskDecisionCodec.encode(try RiskDecisionCodec.decode(bytes, from: .ledger))
        case "order": OrderCodec.encode(try OrderCodec.decode(bytes, from: .ledger))
        case "order_result":
            OrderResultCodec.encode(try OrderResultCodec.decode(bytes, from: .ledger))
        case "account": AccountCodec.encode(try AccountCodec.decode(bytes, from: .ledger))
        case "alert": AlertCodec.encode(try AlertCodec.decode(bytes, from: .ledger))
        case "health": HealthCodec.encode(try HealthCodec.decode(bytes, from: .ledger))
        case "progress":
            ProgressBellCodec.encode(try ProgressBellCodec.decode(bytes, from: .ledger))
        default: throw Unreadable()
        }
    }

    @Test(
        "gives examples that are our bytes exactly",
        arguments: [
            "market_data", "signal", "risk_decision", "order", "order_result", "account", "alert",
            "health", "progress",
        ])
    func examplesAreGolden(type: String) throws {
        let definition = try definitions()[type]
        let examples = try #require(definition["examples"].list)
        #expect(!examples.isEmpty)
        for example in examples {
            let bytes = JSONWriter.bytes(example)
            #expect(try reencoded(type, bytes) == bytes)
            // The order of the properties is the order on the wire.
            #expect(definition["properties"].members?.map(\.name) == example.members?.map(\.name))
            #expect(definition["required"].list == example.members?.map { .text($0.name) })
        }
    }

    @Test(
        "accepts whatever we write",
        .enabled(if: hasValidator, "needs Debian's python3-jsonschema"))
    func acceptsOurs() throws {
        var events = RandomEvents(seed: 2026)
        var lines: [UInt8] = []
        for _ in 0..<60 {
            for stream in Stream.allCases {
                lines += EventCodec.encode(try events.event(stream)) + [10]
            }
            lines += MarketDataCodec.encode(try events.marketData()) + [10]
            lines += HealthCodec.encode(events.health()) + [10]
            lines += ProgressBellCodec.encode(events.bell()) + [10]
        }
        let file = FileManager.default.temporaryDirectory.appending(
            path: "\(UUID().uuidString).jsonl")
        try Data(lines).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator as V
            schema = json.load(open(sys.argv[1]))
            V.check_schema(schema)
            count = 0
            validators = {}
            for line in open(sys.argv[2], encoding="utf-8"):
                event = json.loads(line)
                name = event["type"]
                if name not in validators:
                    validators[name] = V({"$ref": "#/$defs/" + name, "$defs": schema["$defs"]})
                validators[name].validate(event)
                if count < 24: V(schema).validate(event)
                assert not V(schema).is_valid(dict(event, extra=1)) or count >= 24
                count += 1
            print(count)
            """
        let (status, output) = try run(["-c", script, schemaPath, file.path()])
        #expect(status == 0, "\(output.suffix(2000))")
        #expect(output == "720\n")
    }

    @Test("is what docs/asyncapi.yaml points to, for every channel")
    func asyncAPINamesChannels() throws {
        let path = schemaPath.replacing("EVENT_SCHEMA.json", with: "asyncapi.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for channel in Channel.allCases { #expect(text.contains("address: '\(channel.rawValue)'")) }
        let types = try #require(definitions().members).map(\.name)
        for line in text.split(separator: "\n") {
            guard let name = line.split(separator: "EVENT_SCHEMA.json#/$defs/").dropFirst().first
            else { continue }
            #expect(types.contains(name.trimmingCharacters(in: ["'"])))
        }
    }
}
