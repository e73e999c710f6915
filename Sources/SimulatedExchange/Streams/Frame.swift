import CoreModels
import WireFormats

/// Frames of the socket as bytes.
enum Frame {
    /// `{"channel":…,"data":…,"ts":…}`. Now and then the time comes as a text, as it did in old
    /// recordings.
    static func bytes(
        _ channel: String, _ time: Int64, timeIsText: Bool = false,
        data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("channel")
        writer.text(channel)
        writer.name("data")
        data(&writer)
        end(&writer, time, timeIsText)
        return writer.bytes
    }

    /// `{"symbol":…,"data":…,"channel":"push.…","ts":…}`.
    static func push(
        _ symbol: String, _ channel: String, _ time: Int64, timeIsText: Bool,
        data: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("symbol")
        writer.text(symbol)
        writer.name("data")
        data(&writer)
        writer.name("channel")
        writer.text("push." + channel)
        end(&writer, time, timeIsText)
        return writer.bytes
    }

    private static func end(_ writer: inout JSONWriter, _ time: Int64, _ isText: Bool) {
        writer.name("ts")
        if isText { writer.text("\(time)") } else { writer.integer(time) }
        writer.endObject()
    }

    static func acknowledgement(_ channel: String, _ time: Int64) -> [UInt8] {
        bytes("rs.\(channel)", time) { $0.plain("success") }
    }

    static func complaint(_ text: String, _ time: Int64) -> [UInt8] {
        bytes("rs.error", time) { $0.text(text) }
    }

    static func pong(_ time: Int64) -> [UInt8] {
        bytes("pong", time) { $0.integer(time) }
    }
}
