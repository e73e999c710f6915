public import CoreModels
import WireFormats

/// What can be read of an order that is refused: enough to answer it by name.
public struct OrderRemains: Equatable, Sendable {
    public var orderID: String?
    public var clientID: String?
    public var symbol: Symbol?
    public var side: Side?
    public var quantity: Quantity?
    public var trace: String?
    public var timestamp: Timestamp?
}

extension OrderCodec {
    /// 1…32 characters of `[A-Za-z0-9_-]`.
    public static func isClientID(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// What a refused order still tells, each field for itself: a wrong one is nil. Nothing is told
    /// when the bytes are no JSON object.
    public static func readableID(_ bytes: RawSpan) -> OrderRemains {
        var remains = OrderRemains()
        // The error is known already: it is why this is asked.
        guard
            case .success(.object(let members)) = Result(catching: { () throws(JSONError) in
                try JSONDocument.parse(bytes)
            })
        else { return remains }
        let order = Value.object(members)
        remains.orderID = order["order_id"].text.flatMap { $0.isEmpty ? nil : $0 }
        remains.clientID = order["client_id"].text.flatMap { isClientID($0) ? $0 : nil }
        remains.symbol = order["symbol"].symbol
        remains.side = order["side"].text.flatMap(Side.init(rawValue:))
        remains.quantity =
            (order["quantity"].fixed() ?? order["quantity"].text.flatMap(Quantity.init))
            .flatMap { $0.isPositive ? $0 : nil }
        remains.trace = order["trace"].text
        remains.timestamp = order["timestamp"].time
        return remains
    }

    public static func readableID(_ bytes: [UInt8]) -> OrderRemains {
        readableID(bytes.span.bytes)
    }
}
