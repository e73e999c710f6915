import CoreModels
import DecisionCores
import EventSchema
import WireFormats

/// The paper exchange: an order that cannot be read but has an id is answered by name.
struct TracedExecution: TraceSubject {
    var core: ExecutionCore
    var takesSignalsByHand: Bool { false }

    mutating func take(
        _ fact: Fact, at now: Timestamp, into lines: inout [UInt8]
    ) -> String? {
        var events: [Event] = []
        core.handle(fact, at: now, into: &events)
        lines.append(lines: events)
        return nil
    }

    mutating func malformed(
        _ line: [UInt8], _ error: EventError, at now: Timestamp, into lines: inout [UInt8]
    ) {
        guard Self.isOrder(line) else { return }
        let remains = OrderCodec.readableID(line)
        guard let orderID = remains.orderID else { return }
        var events: [Event] = []
        core.rejectMalformed(
            orderID: orderID, clientID: remains.clientID, symbol: remains.symbol,
            side: remains.side, quantity: remains.quantity, reason: error.description,
            trace: remains.trace, at: now, into: &events)
        lines.append(lines: events)
    }

    private static func isOrder(_ line: [UInt8]) -> Bool {
        do throws(JSONError) {
            return try JSONDocument.parse(line)["type"].text == "order"
        } catch {
            return false  // No JSON at all: the complaint says so.
        }
    }

    func status(at now: Timestamp) -> [Value.Member] { core.status(at: now) }
}
