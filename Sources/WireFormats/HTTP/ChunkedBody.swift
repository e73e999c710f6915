/// Decodes a chunked body (RFC 9112 section 7.1), whatever the pieces it arrives in.
///
/// Extensions and trailers are read and ignored, both within a limit.
struct ChunkedBody: Sendable {
    private enum State: Sendable {
        case size(digits: Int)
        case extensions
        case sizeEnd
        case data
        case dataReturn
        case dataEnd
        case trailerStart
        case trailer
        case trailerEnd
        case lastEnd
        case done
    }

    private static let overheadLimit = 8_192

    private(set) var content: [UInt8] = []
    private let limit: Int
    private var state = State.size(digits: 0)
    private var remaining = 0
    /// Bytes of extensions and trailers so far.
    private var overhead = 0

    init(limit: Int) { self.limit = limit }

    var isComplete: Bool { if case .done = state { true } else { false } }

    /// Takes bytes from the front until the body ends; returns how many it took.
    mutating func take(_ bytes: ArraySlice<UInt8>) throws(HTTPRequestError) -> Int {
        var index = bytes.startIndex
        while index < bytes.endIndex, !isComplete {
            if case .data = state {
                let count = min(remaining, bytes.endIndex - index)
                content.append(contentsOf: bytes[index..<(index + count)])
                remaining -= count
                index += count
                if remaining == 0 { state = .dataReturn }
            } else {
                try take(bytes[index])
                index += 1
            }
        }
        return index - bytes.startIndex
    }

    private mutating func take(_ byte: UInt8) throws(HTTPRequestError) {
        switch state {
        case .size(let digits): try takeSize(byte, digits: digits)
        case .extensions:
            if byte == HTTPBytes.carriageReturn { state = .sizeEnd } else { try ignore(byte) }
        case .sizeEnd:
            try expect(HTTPBytes.lineFeed, byte)
            state = remaining == 0 ? .trailerStart : .data
        case .dataReturn:
            try expect(HTTPBytes.carriageReturn, byte)
            state = .dataEnd
        case .dataEnd:
            try expect(HTTPBytes.lineFeed, byte)
            state = .size(digits: 0)
        case .trailerStart:
            if byte == HTTPBytes.carriageReturn {
                state = .lastEnd
            } else {
                try ignore(byte)
                state = .trailer
            }
        case .trailer:
            if byte == HTTPBytes.carriageReturn { state = .trailerEnd } else { try ignore(byte) }
        case .trailerEnd:
            try expect(HTTPBytes.lineFeed, byte)
            state = .trailerStart
        case .lastEnd:
            try expect(HTTPBytes.lineFeed, byte)
            state = .done
        case .data, .done: break
        }
    }

    private mutating func takeSize(_ byte: UInt8, digits: Int) throws(HTTPRequestError) {
        if let digit = Hexadecimal.digit(byte).map(Int.init) {
            guard digits < 15 else {
                throw HTTPRequestError(.badRequest, "a chunk size is too long")
            }
            remaining = digits == 0 ? digit : remaining * 16 + digit
            guard remaining <= limit - content.count else {
                throw HTTPRequestError(.contentTooLarge, "a body has at most \(limit) bytes")
            }
            state = .size(digits: digits + 1)
            return
        }
        guard digits > 0 else { throw HTTPRequestError(.badRequest, "a chunk has no size") }
        switch byte {
        case HTTPBytes.carriageReturn: state = .sizeEnd
        case UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t"):
            try ignore(byte)
            state = .extensions
        default: throw HTTPRequestError(.badRequest, "a chunk size is not a hex number")
        }
    }

    private mutating func ignore(_ byte: UInt8) throws(HTTPRequestError) {
        overhead += 1
        guard overhead <= Self.overheadLimit else {
            throw HTTPRequestError(.headerFieldsTooLarge, "extensions and trailers are too long")
        }
        guard !HTTPBytes.isForbidden(byte) else {
            throw HTTPRequestError(.badRequest, "a control character in the chunked body's frame")
        }
    }

    private func expect(_ wanted: UInt8, _ byte: UInt8) throws(HTTPRequestError) {
        guard byte == wanted else {
            throw HTTPRequestError(.badRequest, "a chunk does not end where its size says")
        }
    }
}
