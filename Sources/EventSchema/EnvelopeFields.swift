import CoreModels
import WireFormats

/// The four fields every decision event carries, as they are collected while reading.
struct EnvelopeFields {
    var sequence: Int64?
    var id: String?
    var cause: String?
    var trace: String?

    /// The envelope; from the ledger it must be whole, from others `name` may stand in for the id.
    func envelope(
        _ reader: borrowing EventReader, stream: Stream?, named name: String? = nil
    ) throws(EventError) -> Envelope {
        guard case .ledger = reader.origin else {
            return Envelope(
                sequence: sequence ?? 0, id: id ?? name ?? "", cause: cause, trace: trace)
        }
        let sequence = try reader.require(sequence, "seq")
        let id = try reader.require(id, "id")
        guard sequence > 0 else { throw EventError(.outOfRange, field: "seq", at: 0) }
        if let stream, id != stream.id(sequence) {
            throw EventError(.badEnvelope, field: "id", at: 0)
        }
        return Envelope(sequence: sequence, id: id, cause: cause, trace: trace)
    }
}

extension EventReader {
    /// A moment that others may leave out.
    func moment(_ timestamp: Timestamp?) throws(EventError) -> Timestamp {
        switch origin {
        case .ledger: try require(timestamp, "timestamp")
        case .foreign(let now), .hand(let now): timestamp ?? now
        }
    }
}

extension JSONWriter {
    /// Begins an event: `type`, `v`.
    mutating func begin(_ type: StaticString) {
        beginObject()
        name("type")
        plain(type)
        name("v")
        integer(1)
    }

    /// Begins a decision event: `type`, `v`, `seq`, `id`, `cause`, `trace`.
    mutating func begin(_ type: StaticString, _ envelope: Envelope) {
        begin(type)
        name("seq")
        integer(envelope.sequence)
        name("id")
        text(envelope.id)
        name("cause")
        text(envelope.cause)
        name("trace")
        text(envelope.trace)
    }

    mutating func text(_ text: String?) {
        if let text { self.text(text) } else { null() }
    }

    mutating func number<Unit>(_ number: Fixed<Unit>) { decimal(number.raw) }

    mutating func number<Unit>(_ number: Fixed<Unit>?) {
        if let number { decimal(number.raw) } else { null() }
    }

    mutating func time(_ timestamp: Timestamp) { integer(timestamp.milliseconds) }

    /// `{feed, seq}` or null.
    mutating func market(_ reference: MarketReference?) {
        guard let reference else { return null() }
        beginObject()
        name("feed")
        text(reference.feed)
        name("seq")
        integer(reference.sequence)
        endObject()
    }
}
