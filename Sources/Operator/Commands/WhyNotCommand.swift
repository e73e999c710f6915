import CoreModels
import DecisionCores
import Ledger
import WireFormats

/// `cdb why-not SYMBOL TIME`: the first condition that failed.
enum WhyNotCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "why-not", "tells why a symbol was not traded at a moment, and what was missing",
        operands: [.init("SYMBOL"), .init("TIME")],
        options: [StackAddress.option, ReplayDayCommand.recordings],
        details: """
            TIME is a moment of UTC: 2026-01-05T12:00Z. Asked in this order: threshold, volume,
            cooldown at the last market data of the symbol up to TIME (from the recording of cdb
            record, with the settings the services had then), then the layers of the risk engine
            (from the ledger). Without a recording of that time, only a signal of the minute before
            can be told of. Exit code 1: nothing is known of that time.
            """)

    /// A quote older than this is no market data of the moment, in milliseconds.
    private static let freshness: Int64 = 120_000
    /// Without a recording, a signal this old is still about the moment.
    private static let vicinity: Int64 = 60_000

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        guard let symbol = Symbol(arguments.operands[0]) else {
            throw CommandFailure.wrongUse(
                "SYMBOL \(arguments.operands[0]): a pair like BTC_USDT is wanted")
        }
        let time = try ReplayDayCommand.time(arguments.operands[1], "TIME")
        let stack = try StackAddress.find(arguments, context)
        return try stack.withDatabase { connection in
            let reader = try LedgerReader(connection)
            let newest = try StandingSettings(reader, at: nil, environment: stack.environment)
            let settings =
                newest.clock == .market
                ? newest
                : try StandingSettings(reader, at: time, environment: stack.environment)
            var missed = MissedTrade(symbol, at: time, settings.signal)
            let reach = Int64(settings.signal.cooldownSec) * 1000 + freshness
            let signals = try signals(of: symbol, reader, time.advanced(by: -reach), time)
            let words = ReplayDayCommand.files(arguments, stack)
            let messages = try messages(
                of: symbol, words, isGiven: arguments.has("data"), settings.clock,
                time.advanced(by: -reach), time)
            missed.judge(messages, signals)
            if missed.market == nil {
                missed.take(signals.last { time.since($0.timestamp) <= vicinity })
            }
            missed.take(try decision(of: missed.signal, reader))
            guard missed.market != nil || missed.signal != nil else {
                throw CommandFailure.failed(nothing(symbol, time))
            }
            return Report(missed.lines, missed.members)
        }
    }

    private static func nothing(_ symbol: Symbol, _ time: Timestamp) -> String {
        "nothing is known of \(symbol) at \(time.text): no signal in the minute before, and no "
            + "recorded market data; cdb record beside the stack keeps it, --data names where it lies"
    }

    private static func signals(
        of symbol: Symbol, _ reader: LedgerReader, _ from: Timestamp, _ to: Timestamp
    ) throws -> [Signal] {
        // A signal is decided a moment after its market data.
        let bounds = try reader.bounds(
            of: .signals, from: from, to: to.advanced(by: ExpectedEvents.slack))
        return try reader.entries(.signals, after: bounds.before, through: bounds.last).compactMap {
            guard case .signal(let signal) = $0.event, signal.symbol == symbol else { return nil }
            return signal
        }
    }

    private static func decision(
        of signal: Signal?, _ reader: LedgerReader
    ) throws -> RiskDecision? {
        guard let signal, let chain = try LedgerChain.of(signal.envelope.id, reader) else {
            return nil
        }
        for case .riskDecision(let decision) in chain.events { return decision }
        return nil
    }

    /// The symbol's messages of the time before; none without a recording, unless one was named.
    private static func messages(
        of symbol: Symbol, _ words: [String], isGiven: Bool, _ clock: ServiceClock,
        _ from: Timestamp, _ to: Timestamp
    ) throws(CommandFailure) -> [RecordedStretch.Message] {
        var found: [RecordedStretch.Message] = []
        do throws(CommandFailure) {
            var recording = try RecordedStretch(words, clock: clock, start: from)
            while let message = try recording.next(), message.time <= to {
                if message.data.symbol == symbol, message.time >= from { found.append(message) }
            }
        } catch {
            if isGiven { throw error }
        }
        guard let last = found.last, to.since(last.time) <= freshness else { return [] }
        return found
    }
}
