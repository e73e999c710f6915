/// Each decoder of bytes from outside. `try` takes any input; a trap or a broken promise is a find.
enum Decoder: String, CaseIterable {
    case frames
    case replies
    case events
    case json
    case http
    case text
    case rows

    /// A C function knows nothing but its arguments: one for each decoder.
    var callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt {
        switch self {
        case .frames: { attempt($0, $1, ExchangeFuzz.frame) }
        case .replies: { attempt($0, $1, ExchangeFuzz.reply) }
        case .events: { attempt($0, $1, EventFuzz.event) }
        case .json: { attempt($0, $1, WireFuzz.json) }
        case .http: { attempt($0, $1, WireFuzz.http) }
        case .text: { attempt($0, $1, WireFuzz.text) }
        case .rows: { attempt($0, $1, MarketFuzz.rows) }
        }
    }
}

private func attempt(
    _ data: UnsafePointer<UInt8>?, _ count: Int, _ body: (UnsafeRawBufferPointer) -> Void
) -> CInt {
    body(UnsafeRawBufferPointer(start: data, count: count))
    return 0
}

/// What has to hold whatever the input is.
func promise(_ holds: Bool, _ what: StaticString) {
    precondition(holds, "\(what)")
}
