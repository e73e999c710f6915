/// Cuts a stream of bytes into lines; sans I/O. Any split of the input gives the same lines.
struct LineSplitter {
    enum Line: Equatable {
        case complete([UInt8])
        /// Longer than the limit; what it held is gone.
        case tooLong
    }

    let limit: Int
    private var pending: [UInt8] = []
    private var overflowed = false

    /// `limit`: the longest line in bytes.
    init(limit: Int) { self.limit = limit }

    /// Takes the next bytes and hands out every line they finish.
    mutating func take(_ bytes: some Sequence<UInt8>, _ body: (Line) -> Void) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                finish(body)
            } else if pending.count < limit {
                pending.append(byte)
            } else {
                overflowed = true
            }
        }
    }

    /// The end of the input: a last line without a line feed counts too.
    mutating func end(_ body: (Line) -> Void) {
        if !pending.isEmpty || overflowed { finish(body) }
    }

    private mutating func finish(_ body: (Line) -> Void) {
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        body(overflowed ? .tooLong : .complete(pending))
        pending.removeAll(keepingCapacity: true)
        overflowed = false
    }
}
