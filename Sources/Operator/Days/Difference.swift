import CoreModels
import EventSchema
import WireFormats

/// The first place where the ledger and the rerun part.
struct Difference: Error {
    enum Kind: String {
        /// Both decided, and not the same.
        case different
        /// The ledger has a decision that the cores do not make.
        case notDecided = "not_decided"
        /// The cores decide what the ledger does not have.
        case notInLedger = "not_in_ledger"
        /// The message the ledger names is not in the recording.
        case notRecorded = "not_recorded"
    }

    /// One member of both events.
    struct Field: Equatable {
        let name: String
        let ledger: Value
        let rerun: Value

        var text: String {
            "\(name): \(Self.text(ledger)) in the ledger, \(Self.text(rerun)) in the rerun"
        }

        private static func text(_ value: Value) -> String {
            String(decoding: JSONWriter.bytes(value), as: UTF8.self)
        }
    }

    let kind: Kind
    let id: String
    let time: Timestamp
    var ledger: Event?
    var rerun: Event?
    var fields: [Field] = []

    static func notDecided(_ entry: LedgeredEvent) -> Difference {
        Difference(
            kind: .notDecided, id: entry.event.envelope.id, time: entry.event.timestamp,
            ledger: entry.event)
    }

    static func notInLedger(_ event: Event) -> Difference {
        Difference(
            kind: .notInLedger, id: event.envelope.id, time: event.timestamp, rerun: event)
    }

    static func notRecorded(_ entry: LedgeredEvent) -> Difference {
        Difference(
            kind: .notRecorded, id: entry.event.envelope.id, time: entry.event.timestamp,
            ledger: entry.event)
    }

    /// Two events that were meant to be one.
    static func between(_ entry: LedgeredEvent, _ event: Event) -> Difference {
        var difference = Difference(
            kind: .different, id: entry.event.envelope.id, time: entry.event.timestamp,
            ledger: entry.event, rerun: event)
        // What cannot be read again was no event of ours; the bytes differ all the same.
        let values = [entry.bytes, EventCodec.encode(event)].map { bytes in
            Result { () throws(JSONError) in try JSONDocument.parse(bytes) }
        }
        if case .success(let ledger) = values[0], case .success(let rerun) = values[1] {
            difference.fields = fields(ledger, rerun, in: "")
        }
        return difference
    }

    private static func fields(_ ledger: Value, _ rerun: Value, in path: String) -> [Field] {
        guard ledger != rerun else { return [] }
        if let left = ledger.members, let right = rerun.members {
            let names =
                left.map(\.name)
                + right.map(\.name).filter { name in
                    !left.contains { $0.name == name }
                }
            return names.flatMap { name in
                fields(ledger[name], rerun[name], in: path.isEmpty ? name : "\(path).\(name)")
            }
        }
        if let left = ledger.list, let right = rerun.list, left.count == right.count {
            return zip(left, right).enumerated().flatMap { place, pair in
                fields(pair.0, pair.1, in: "\(path)[\(place)]")
            }
        }
        return [Field(name: path, ledger: ledger, rerun: rerun)]
    }

    // MARK: For people

    var lines: [String] {
        switch kind {
        case .different:
            return ["DIFFERENCE: \(id) at \(time.text) is not what the cores decide"]
                + fields.map { "  \($0.text)" }
        case .notDecided:
            return [
                "DIFFERENCE: \(id) at \(time.text) is in the ledger, the cores do not decide it"
            ]
                + line(ledger)
        case .notInLedger:
            return [
                "DIFFERENCE: the cores decide \(id) at \(time.text), the ledger does not have it"
            ]
                + line(rerun)
        case .notRecorded:
            let market = ledger?.market.map { " (message \($0.sequence) of \($0.feed))" } ?? ""
            return [
                "NOT RECORDED: the market data that led to \(id) at \(time.text)\(market) is not in "
                    + "the recording, so nothing from there on can be compared"
            ]
        }
    }

    private func line(_ event: Event?) -> [String] {
        event.flatMap { EventLine($0) }.map { ["  \($0.text)"] } ?? []
    }

    var value: Value {
        .object([
            .init("kind", .text(kind.rawValue)), .init("id", .text(id)),
            .init("timestamp", .time(time)),
            .init(
                "fields",
                .list(
                    fields.map {
                        .object([
                            .init("name", .text($0.name)), .init("ledger", $0.ledger),
                            .init("rerun", $0.rerun),
                        ])
                    })),
        ])
    }
}

extension Event {
    /// The message of the market it names.
    var market: MarketReference? {
        switch self {
        case .signal(let event): event.market
        case .riskDecision(let event): event.market
        case .order(let event): event.market
        case .orderResult, .account, .alert: nil
        }
    }
}
