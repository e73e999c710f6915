import CWebSockets
import WireFormats

/// The head of a request as libwebsockets has parsed it.
enum RequestHead {
    private static let methods: [(String, lws_token_indexes)] = [
        ("GET", WSI_TOKEN_GET_URI), ("POST", WSI_TOKEN_POST_URI), ("HEAD", WSI_TOKEN_HEAD_URI),
        ("PUT", WSI_TOKEN_PUT_URI), ("PATCH", WSI_TOKEN_PATCH_URI),
        ("DELETE", WSI_TOKEN_DELETE_URI), ("OPTIONS", WSI_TOKEN_OPTIONS_URI),
    ]

    /// Nil for a method that nobody here knows. Fields are those whose names the library knows.
    static func read(from socket: OpaquePointer) -> HTTPRequest? {
        for (method, token) in methods {
            guard let path = text(token, of: socket) else { continue }
            return HTTPRequest(
                method: method, path: encoded(path, keeping: "/"), query: query(of: socket),
                fields: fields(of: socket))
        }
        return nil
    }

    private static func fields(of socket: OpaquePointer) -> [HTTPRequest.Field] {
        var fields: [HTTPRequest.Field] = []
        for index in 0..<WSI_TOKEN_COUNT.rawValue {
            let token = lws_token_indexes(index)
            guard let value = text(token, of: socket),
                let bytes = lws_token_to_string(token)
            else { continue }
            let name = String(cString: bytes)
            guard name.hasSuffix(":") else { continue }
            fields.append(.init(String(name.dropLast()), value))
        }
        return fields
    }

    /// The library has cut the query at `&` and decoded each part.
    private static func query(of socket: OpaquePointer) -> String {
        var parts: [String] = []
        while let part = text(WSI_TOKEN_HTTP_URI_ARGS, part: parts.count, of: socket) {
            parts.append(encoded(part, keeping: "=,:"))
        }
        return parts.joined(separator: "&")
    }

    private static func text(_ token: lws_token_indexes, of socket: OpaquePointer) -> String? {
        text(length: lws_hdr_total_length(socket, token)) { place, room in
            lws_hdr_copy(socket, place, room, token)
        }
    }

    private static func text(
        _ token: lws_token_indexes, part: Int, of socket: OpaquePointer
    ) -> String? {
        text(length: lws_hdr_fragment_length(socket, token, Int32(part))) { place, room in
            lws_hdr_copy_fragment(socket, place, room, token, Int32(part))
        }
    }

    private static func text(
        length: Int32, copy: (UnsafeMutablePointer<CChar>?, Int32) -> Int32
    ) -> String? {
        guard length > 0 else { return nil }
        return withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(length) + 1
        ) { buffer in
            let count = copy(buffer.baseAddress, length + 1)
            guard count > 0 else { return nil }
            return String(
                decoding: UnsafeRawBufferPointer(buffer)[..<Int(count)], as: UTF8.self)
        }
    }

    /// As it came: with percent signs where a byte is not plain.
    private static func encoded(_ text: String, keeping marks: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                if marks.utf8.contains(byte) {
                    bytes.append(byte)
                } else {
                    bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
