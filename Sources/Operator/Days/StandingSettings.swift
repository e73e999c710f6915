import CoreModels
import DecisionCores
import Ledger
import ServiceKit
import Services
import WireFormats

/// What the deciding services were configured with, as they said themselves (table
/// `strategy_params`); what they never said, the environment says.
struct StandingSettings {
    /// A parameter that another one replaced.
    struct Change {
        let service: String
        let name: String
        let value: String
        let since: Timestamp

        var text: String { "\(service) had \(name)=\(value) from \(since.text) on" }
    }

    let clock: ServiceClock
    let signal: SignalSettings
    let risk: RiskLimits
    let paper: PaperSettings
    /// Nobody said: all is of the environment.
    let isOfEnvironment: Bool

    /// - Parameters:
    ///   - moment: the settings of then; nil for the newest.
    ///   - overrides: replace what was configured.
    init(
        _ reader: LedgerReader, at moment: Timestamp?, environment: [String: String],
        overrides: [String: String] = [:]
    ) throws {
        let said = try Self.said(reader, until: moment ?? Timestamp(milliseconds: .max))
        isOfEnvironment = said.isEmpty
        func configuration(_ service: Service) throws(CommandFailure) -> Configuration {
            let variables = environment.filter { Self.decides($0.key) }
                .merging(said[service.rawValue] ?? [:]) { $1 }.merging(overrides) { $1 }
            let configuration = Configuration(overrides: variables)
            // A value that is replaced would be named and not be what was played.
            let complaints =
                configuration.problems + (overrides.isEmpty ? [] : configuration.warnings)
            guard complaints.isEmpty else {
                throw .wrongUse(complaints.joined(separator: "; "))
            }
            return configuration
        }
        let risk = try configuration(.risk)
        let execution = try configuration(.execution)
        clock = risk.text("CDB_CLOCK") == ServiceClock.market.rawValue ? .market : .wall
        signal = try configuration(.core).signalSettings
        self.risk = risk.riskLimits(candleSeconds: risk.integer("CDB_CANDLE_SEC"))
        paper = execution.paperSettings(candleSeconds: execution.integer("CDB_CANDLE_SEC"))
    }

    /// What was changed between two moments of the wall clock, the first one first.
    static func changes(
        _ reader: LedgerReader, after from: Timestamp, before to: Timestamp
    ) throws -> [Change] {
        let result = try reader.run(
            changes(LedgerReader.moment(from), LedgerReader.moment(to)))
        return (0..<result.rowCount).compactMap { row in
            let name = result.text(row, 1)
            guard decides(name) else { return nil }
            return Change(
                service: result.text(row, 0), name: name, value: result.text(row, 2),
                since: Timestamp(milliseconds: result.integer(row, 3)))
        }
    }

    /// Variables by service.
    private static func said(
        _ reader: LedgerReader, until moment: Timestamp
    ) throws -> [String: [String: String]] {
        let result = try reader.run(newest(LedgerReader.moment(moment)))
        var said: [String: [String: String]] = [:]
        for row in 0..<result.rowCount where decides(result.text(row, 1)) {
            let value = try JSONDocument.parse(result.bytes(row, 2))
            said[result.text(row, 0), default: [:]][result.text(row, 1)] = text(value)
        }
        return said
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: ""
        case .text(let text): text
        case .list(let words): words.map(text).joined(separator: ",")
        case .flag, .integer, .decimal, .object:
            String(decoding: JSONWriter.bytes(value), as: UTF8.self)
        }
    }

    /// What the three cores are told; servers, ports and feeds decide nothing here.
    private static func decides(_ name: String) -> Bool {
        guard let variable = ConfigurationTable.variable(name) else { return false }
        return variable.kind != .secret && !Set(variable.readers).isDisjoint(with: deciders)
            && !["REDIS_", "POSTGRES_", "LOG_", "STARTUP_"].contains { name.hasPrefix($0) }
            && !name.hasSuffix("_PORT")
    }

    private static let deciders: Set<String> = [
        Service.core.rawValue, Service.risk.rawValue, Service.execution.rawValue,
    ]

    private static let newest = SQLStatement(
        "days_settings",
        """
        SELECT DISTINCT ON (service, name) service, name, value::text FROM strategy_params
        WHERE service IN ('cdb_core', 'cdb_risk', 'cdb_execution')
            AND valid_from <= 'epoch'::timestamptz + $1::bigint * interval '1 millisecond'
        ORDER BY service, name, valid_from DESC
        """)
    /// The first word of a parameter is no change.
    private static let changes = SQLStatement(
        "days_changes",
        """
        SELECT service, name, value::text, (extract(epoch FROM valid_from) * 1000)::bigint
        FROM strategy_params p
        WHERE service IN ('cdb_core', 'cdb_risk', 'cdb_execution')
            AND valid_from > 'epoch'::timestamptz + $1::bigint * interval '1 millisecond'
            AND valid_from < 'epoch'::timestamptz + $2::bigint * interval '1 millisecond'
            AND EXISTS (SELECT FROM strategy_params q WHERE q.service = p.service
                AND q.name = p.name AND q.valid_from < p.valid_from)
        ORDER BY valid_from, service, name
        """)
}
