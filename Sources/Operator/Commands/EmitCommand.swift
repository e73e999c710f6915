import CoreModels
import EventSchema
import RedisBus
import ServiceKit

/// `cdb emit market_data|signals JSON`: a message by hand.
enum EmitCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "emit", "publishes a market_data or a signal by hand",
        operands: [.init("CHANNEL"), .init("JSON")], options: [StackAddress.option],
        details: """
            CHANNEL is market_data or signals. The message is checked first; a signal needs only
            symbol, side and confidence (and cdb_core takes it when ALLOW_INJECT is true).
            """)

    private static let patience: Int64 = 5_000

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let name = arguments.operands[0]
        let bytes = Array(arguments.operands[1].utf8)
        try check(bytes, for: name)
        let stack = try StackAddress.find(arguments, context)
        try publish(bytes, on: name, try stack.redis())
        return Report(["published on \(name)"], [.init("published", .text(name))])
    }

    private static func check(_ bytes: [UInt8], for name: String) throws(CommandFailure) {
        let origin = Origin.hand(at: SystemClock.now())
        do throws(EventError) {
            switch Channel(rawValue: name) {
            case .marketData: _ = try MarketDataCodec.decode(bytes, from: origin)
            case .signals: _ = try SignalCodec.decode(bytes, from: origin)
            case .riskDecisions, .orders, .orderResults, .account, .alerts, .health, .mlSignals,
                .progress, nil:
                throw EventError(.unknownValue, field: "CHANNEL", at: 0)
            }
        } catch  where error.field == "CHANNEL" {
            throw .wrongUse("\(name) is no channel to emit on: market_data or signals is wanted")
        } catch {
            throw .wrongUse("this is no message for \(name): \(error)")
        }
    }

    private static func publish(
        _ bytes: [UInt8], on channel: String, _ settings: RedisSettings
    ) throws(CommandFailure) {
        let publisher = RedisPublisher(settings: settings)
        let deadline = SystemClock.monotonicMilliseconds + patience
        while !publisher.isConnected {
            let now = SystemClock.monotonicMilliseconds
            publisher.service(now)
            if let error = publisher.lastError, !error.isRetryable || now >= deadline {
                throw .failed("\(error)")
            }
            guard now < deadline else { throw .failed("Redis did not answer") }
            let entry = publisher.pollEntry
            _ = Poller.wait(for: entry.fileDescriptor, entry.interest, milliseconds: 20)
        }
        publisher.publish(channel, bytes)
        guard publisher.flush(within: patience), publisher.confirmed == 1 else {
            let reason = publisher.lastRefusal ?? publisher.lastError
            throw .failed(reason.map { "\($0)" } ?? "Redis did not confirm the message")
        }
    }
}
