import CHiredis

/// Takes replies apart while hiredis parses them.
///
/// hiredis would copy every reply into a tree of objects. With functions of our own in their place
/// nothing is copied or allocated: a message is handed on where it lies in the read buffer.
final class ReplySink {
    typealias Delivery = (_ channel: String, _ bytes: UnsafeRawBufferPointer) -> Void

    /// The last whole reply.
    enum Reply: Equatable {
        case integer
        case status
        case text(String)
        case error(String)
        case message
        case subscribed
        /// An answer to PING among subscriptions, or anything else that is not asked for.
        case other
    }

    private(set) var reply = Reply.other
    /// Who takes the messages; without one they are lost.
    var deliver: Delivery?
    private let channels: [String]
    private let channelBytes: [[UInt8]]
    /// Which channel the message that is being parsed came on.
    private var channel: Int?

    init(channels: [String]) {
        self.channels = channels
        channelBytes = channels.map { Array($0.utf8) }
    }

    /// Makes a reader call this sink, which must outlive it.
    func attach(to reader: UnsafeMutablePointer<redisReader>) {
        reader.pointee.fn = Self.functions
        reader.pointee.privdata = Unmanaged.passUnretained(self).toOpaque()
        // Keep the buffer between reads; one that a large message made is given back.
        reader.pointee.maxbuf = 1 << 20
    }

    // hiredis only asks whether an object is there, and never looks into it.
    private nonisolated(unsafe) static let present = UnsafeMutableRawPointer.allocate(
        byteCount: 1, alignment: 1)

    /// Made once and never changed; hiredis wants it mutable, but only reads it.
    private nonisolated(unsafe) static let functions:
        UnsafeMutablePointer<redisReplyObjectFunctions> = {
            let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
            functions.initialize(
                to: redisReplyObjectFunctions(
                    createString: { task, text, length in
                        guard let task else { return nil }
                        let bytes = UnsafeRawBufferPointer(start: text, count: length)
                        ReplySink.of(task).string(task, bytes)
                        return ReplySink.present
                    },
                    createArray: { task, _ in
                        guard let task else { return nil }
                        ReplySink.of(task).whole(task, .other)
                        return ReplySink.present
                    },
                    createInteger: { task, _ in
                        guard let task else { return nil }
                        ReplySink.of(task).whole(task, .integer)
                        return ReplySink.present
                    },
                    createNil: { task in
                        guard let task else { return nil }
                        ReplySink.of(task).whole(task, .other)
                        return ReplySink.present
                    },
                    freeObject: { _ in }))
            return functions
        }()

    private static func of(_ task: UnsafePointer<redisReadTask>) -> ReplySink {
        guard let sink = task.pointee.privdata else {
            preconditionFailure("a reader of hiredis lost its sink")
        }
        return Unmanaged<ReplySink>.fromOpaque(sink).takeUnretainedValue()
    }

    /// A reply that is no array, or the start of one.
    private func whole(_ task: UnsafePointer<redisReadTask>, _ reply: Reply) {
        if task.pointee.parent == nil { self.reply = reply }
    }

    private func string(_ task: UnsafePointer<redisReadTask>, _ bytes: UnsafeRawBufferPointer) {
        guard task.pointee.parent != nil else {
            switch task.pointee.type {
            case REDIS_REPLY_STATUS: reply = .status
            case REDIS_REPLY_ERROR: reply = .error(String(decoding: bytes, as: UTF8.self))
            default: reply = .text(String(decoding: bytes, as: UTF8.self))
            }
            return
        }
        switch task.pointee.idx {
        case 0: reply = Self.kind(bytes)
        case 1 where reply == .message:
            channel = channelBytes.firstIndex { $0.count == bytes.count && $0.elementsEqual(bytes) }
        case 2 where reply == .message:
            if let channel { deliver?(channels[channel], bytes) }
        default: break
        }
    }

    private static func kind(_ word: UnsafeRawBufferPointer) -> Reply {
        if word.elementsEqual("message".utf8) { return .message }
        if word.elementsEqual("subscribe".utf8) { return .subscribed }
        return .other
    }
}
