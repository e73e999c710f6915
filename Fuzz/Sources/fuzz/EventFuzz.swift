import CoreModels
import EventSchema

enum EventFuzz {
    private static let origins: [Origin] = [
        .ledger, .foreign(at: Timestamp(milliseconds: 1)), .hand(at: Timestamp(milliseconds: 1)),
    ]

    /// The codec of every channel.
    static func event(_ bytes: UnsafeRawBufferPointer) {
        for stream in Stream.allCases {
            guard let event = try? EventCodec.decode(stream: stream, bytes: bytes.bytes) else {
                continue
            }
            let written = EventCodec.encode(event)
            let read = try? EventCodec.decode(stream: stream, bytes: written)
            promise(read.map { EventCodec.encode($0) } == written, "an event written is read again")
        }
        for origin in origins {
            check(MarketDataCodec.self, bytes, origin)
            check(SignalCodec.self, bytes, origin)
            check(OrderCodec.self, bytes, origin)
            check(OrderResultCodec.self, bytes, origin)
            check(RiskDecisionCodec.self, bytes, origin)
            check(AccountCodec.self, bytes, origin)
            check(AlertCodec.self, bytes, origin)
            check(HealthCodec.self, bytes, origin)
            check(ProgressBellCodec.self, bytes, origin)
        }
    }

    private static func check<Codec: RecordCodec>(
        _ codec: Codec.Type, _ bytes: UnsafeRawBufferPointer, _ origin: Origin
    ) {
        guard let record = try? Codec.decode(bytes, from: origin) else { return }
        _ = Codec.encode(record)
    }
}
