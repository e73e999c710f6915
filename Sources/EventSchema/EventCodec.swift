public import CoreModels

/// Any decision event to the bytes of the ledger and the bus, and back.
public enum EventCodec {
    public static func encode(_ event: Event) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        encode(event, to: &bytes)
        return bytes
    }

    public static func encode(_ event: Event, to bytes: inout [UInt8]) {
        switch event {
        case .signal(let event): SignalCodec.encode(event, to: &bytes)
        case .riskDecision(let event): RiskDecisionCodec.encode(event, to: &bytes)
        case .order(let event): OrderCodec.encode(event, to: &bytes)
        case .orderResult(let event): OrderResultCodec.encode(event, to: &bytes)
        case .account(let event): AccountCodec.encode(event, to: &bytes)
        case .alert(let event): AlertCodec.encode(event, to: &bytes)
        }
    }

    /// The `seq` of a message as we write it, near its beginning, without reading the message; nil when
    /// it does not look like that. Nothing may depend on it.
    public static func sequenceHint(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        let name = Array("\"seq\":".utf8)
        let head = bytes.prefix(64)
        guard let start = head.indices.first(where: { head[$0...].starts(with: name) }) else {
            return nil
        }
        var sequence: Int64 = 0
        for byte in bytes[(start + name.count)...].prefix(18) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return sequence }
            sequence = sequence * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return nil
    }

    /// Reads an event of a stream of the ledger; an alert has to be that stream's.
    public static func decode(stream: Stream, bytes: RawSpan) throws(EventError) -> Event {
        switch stream {
        case .signals: return .signal(try SignalCodec.decode(bytes, from: .ledger))
        case .riskDecisions:
            return .riskDecision(try RiskDecisionCodec.decode(bytes, from: .ledger))
        case .orders: return .order(try OrderCodec.decode(bytes, from: .ledger))
        case .orderResults: return .orderResult(try OrderResultCodec.decode(bytes, from: .ledger))
        case .account: return .account(try AccountCodec.decode(bytes, from: .ledger))
        case .alertsCore, .alertsRisk, .alertsExecution, .alertsWriter:
            let alert = try AlertCodec.decode(bytes, from: .ledger)
            guard alert.source.alerts == stream else {
                throw EventError(.badEnvelope, field: "source", at: 0)
            }
            return .alert(alert)
        }
    }

    public static func decode(stream: Stream, bytes: [UInt8]) throws(EventError) -> Event {
        try decode(stream: stream, bytes: bytes.span.bytes)
    }
}
