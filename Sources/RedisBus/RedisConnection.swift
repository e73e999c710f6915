import CHiredis
import Glibc
import ServiceKit

/// One non-blocking connection that comes back by itself. Nothing here waits.
///
/// Times are milliseconds of the monotonic clock.
final class RedisConnection {
    enum State: Equatable {
        case waiting(until: Int64)
        case connecting(until: Int64)
        /// Logging in.
        case greeting(until: Int64)
        case ready
    }

    /// What is said first on each connection; each is answered by one reply.
    struct Greeting {
        let words: [String]
        /// An error in reply to it ends the connection.
        let isNecessary: Bool
    }

    static let connectMilliseconds: Int64 = 1_000
    static let greetingMilliseconds: Int64 = 5_000
    /// After so long without a byte Redis is asked whether it lives …
    static let quietMilliseconds: Int64 = 2_000
    /// … and given up when it does not answer for so long.
    static let silentMilliseconds: Int64 = 5_000
    /// More than any message of ours; a larger one is not held.
    static let maximumReplyBytes = 64 << 20
    /// An output buffer up to this size is kept for the next batch.
    static let keptBytes = 1 << 20

    private(set) var state = State.waiting(until: 0)
    private(set) var lastError: RedisError?
    /// Connections that were made, the first one included.
    private(set) var connections = 0
    let settings: RedisSettings
    let sink: ReplySink
    /// What an optional greeting was answered with.
    private(set) var greetingText: String?
    private let greetings: [Greeting]
    private var greetingsAnswered = 0
    private var context: UnsafeMutablePointer<redisContext>?
    private var backoff = Backoff()
    private var now: Int64 = 0
    private var heardAt: Int64 = 0
    private var askedAt: Int64?
    /// Bytes of the output buffer that are written already.
    private var writtenBytes = 0
    /// The last read took all there was.
    private var isDrained = false

    init(_ settings: RedisSettings, sink: ReplySink, greetings: [Greeting] = []) {
        self.settings = settings
        self.sink = sink
        var all: [Greeting] = []
        if let password = settings.password {
            let user = settings.user.map { [$0] } ?? []
            all.append(Greeting(words: ["AUTH"] + user + [password], isNecessary: true))
        }
        if settings.database != 0 {
            all.append(Greeting(words: ["SELECT", "\(settings.database)"], isNecessary: true))
        }
        // Always one: it shows that the one at the other end is a Redis that lets us in.
        all.append(Greeting(words: ["PING"], isNecessary: true))
        self.greetings = all + greetings
    }

    deinit {
        if let context { redisFree(context) }
    }

    var pollEntry: PollEntry {
        guard let context else { return PollEntry(-1, []) }
        let descriptor = context.pointee.fd
        if case .connecting = state { return PollEntry(descriptor, .writable) }
        return PollEntry(descriptor, waitingBytes > 0 ? [.readable, .writable] : .readable)
    }

    /// When `service` should be called at the latest.
    var nextDeadline: Int64 {
        switch state {
        case .waiting(let moment), .connecting(let moment), .greeting(let moment): moment
        case .ready:
            if let askedAt {
                askedAt + Self.silentMilliseconds
            } else {
                heardAt + Self.quietMilliseconds
            }
        }
    }

    /// Bytes that wait to be written.
    var waitingBytes: Int { context.map { sdslen($0.pointee.obuf) - writtenBytes } ?? 0 }

    /// Does what is due: connects, logs in, asks whether Redis lives.
    /// - Returns: true when the connection has become ready just now.
    func service(_ now: Int64) -> Bool {
        self.now = now
        if case .waiting(let moment) = state, now >= moment { open() }
        if case .connecting(let moment) = state { lookWhetherConnected(until: moment) }
        if case .greeting(let moment) = state { return greet(until: moment) }
        if state == .ready { keepAlive() }
        return false
    }

    func append(_ words: [String]) {
        guard let context else { return }
        var command = Array("*\(words.count)\r\n".utf8)
        for word in words { command += Array("$\(word.utf8.count)\r\n\(word)\r\n".utf8) }
        command.withUnsafeBytes { bytes in
            _ = redisAppendFormattedCommand(
                context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }

    /// Appends PUBLISH; false when there is no connection or memory to append it to.
    func append(publish bytes: UnsafeRawBufferPointer, on channel: String) -> Bool {
        guard let context else { return false }
        var channel = channel
        let publish: StaticString = "PUBLISH"
        return channel.withUTF8 { name in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: 3) { words in
                withUnsafeTemporaryAllocation(of: Int.self, capacity: 3) { lengths in
                    words[0] = UnsafeRawPointer(publish.utf8Start).assumingMemoryBound(
                        to: CChar.self)
                    words[1] = UnsafeRawPointer(name.baseAddress)?.assumingMemoryBound(
                        to: CChar.self)
                    words[2] = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                    lengths[0] = publish.utf8CodeUnitCount
                    lengths[1] = name.count
                    lengths[2] = bytes.count
                    return redisAppendCommandArgv(
                        context, 3, words.baseAddress, lengths.baseAddress) == REDIS_OK
                }
            }
        }
    }

    /// Writes what the socket takes now.
    ///
    /// In place of `redisBufferWrite`, which moves all that remains after each partial write (with
    /// much waiting the moving is all it does) and raises SIGPIPE.
    func write() {
        guard let context, waitingBytes > 0 else { return }
        if case .connecting = state { return }
        let start = UnsafeRawPointer(context.pointee.obuf).advanced(by: writtenBytes)
        let count = send(context.pointee.fd, start, waitingBytes, Int32(MSG_NOSIGNAL))
        guard count > 0 else {
            if errno != EAGAIN, errno != EINTR {
                fail(closed(String(cString: strerror(errno))))
            }
            return
        }
        writtenBytes += count
        let isMostlyWritten = writtenBytes >= waitingBytes && writtenBytes >= Self.keptBytes
        guard waitingBytes == 0 || isMostlyWritten else { return }
        if waitingBytes == 0, sdsalloc(context.pointee.obuf) > Self.keptBytes {
            sdsfree(context.pointee.obuf)
            context.pointee.obuf = sdsempty()
        } else {
            sdsrange(context.pointee.obuf, Int32(writtenBytes), -1)
        }
        writtenBytes = 0
    }

    /// The next whole reply that is there, or nil; never waits.
    func nextReply() -> ReplySink.Reply? {
        guard let context else { return nil }
        while true {
            var object: UnsafeMutableRawPointer?
            guard redisReaderGetReply(context.pointee.reader, &object) == REDIS_OK else {
                fail(.unintelligible(address: settings.address, reason: readerError))
                return nil
            }
            if object != nil { return sink.reply }
            guard !isDrained, read(context) else {
                isDrained = false
                return nil
            }
        }
    }

    /// - Returns: whether anything was read.
    private func read(_ context: UnsafeMutablePointer<redisContext>) -> Bool {
        let before = context.pointee.reader.pointee.len
        guard redisBufferRead(context) == REDIS_OK else {
            fail(closed(contextError))
            return false
        }
        let after = context.pointee.reader.pointee.len
        guard after > before else { return false }
        isDrained = after - before < 16 * 1024  // What redisBufferRead asks for.
        heardAt = now
        askedAt = nil
        guard after <= Self.maximumReplyBytes else {
            let reason = "a message of more than \(Self.maximumReplyBytes) bytes"
            fail(.unintelligible(address: settings.address, reason: reason))
            return false
        }
        return true
    }

    /// Ends the connection; the next attempt comes after a pause.
    func fail(_ error: RedisError) {
        if let context { redisFree(context) }
        context = nil
        lastError = error
        state = .waiting(until: now + backoff.next())
    }

    private func open() {
        let made =
            settings.socketPath.map { redisConnectUnixNonBlock($0) }
            ?? redisConnectNonBlock(settings.host, Int32(clamping: settings.port))
        context = made
        guard let made, made.pointee.err == 0 else { return fail(unreachable(contextError)) }
        sink.attach(to: made.pointee.reader)
        writtenBytes = 0
        greetingsAnswered = 0
        greetingText = nil
        isDrained = false
        askedAt = nil
        heardAt = now
        for greeting in greetings { append(greeting.words) }
        state = .connecting(until: now + Self.connectMilliseconds)
    }

    private func lookWhetherConnected(until moment: Int64) {
        guard let context else { return }
        let descriptor = context.pointee.fd
        guard Poller.wait(for: descriptor, .writable, milliseconds: 0) != [] else {
            if now >= moment {
                fail(unreachable("no answer within \(Self.connectMilliseconds) ms"))
            }
            return
        }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { return fail(unreachable(String(cString: strerror(code)))) }
        if settings.socketPath == nil { redisEnableKeepAlive(context) }
        state = .greeting(until: now + Self.greetingMilliseconds)
    }

    private func greet(until moment: Int64) -> Bool {
        write()
        while case .greeting = state, let reply = nextReply() {
            let isNecessary = greetings[greetingsAnswered].isNecessary
            switch reply {
            case .error(let text) where isNecessary:
                fail(.reply(text, address: settings.address))
            case .text(let text): greetingText = text
            case .error, .integer, .status, .message, .subscribed, .other: break
            }
            greetingsAnswered += 1
            if greetingsAnswered == greetings.count, context != nil {
                becomeReady()
                return true
            }
        }
        if case .greeting = state, now >= moment {
            fail(.silent(address: settings.address, milliseconds: Self.greetingMilliseconds))
        }
        return false
    }

    private func becomeReady() {
        state = .ready
        connections += 1
        lastError = nil
        backoff.reset()
    }

    private func keepAlive() {
        guard let context else { return }
        if let askedAt {
            guard now - askedAt >= Self.silentMilliseconds else { return }
            // We may have been the ones who did not listen.
            let ready = Poller.wait(for: context.pointee.fd, .readable, milliseconds: 0)
            guard ready == [] else { return }
            fail(.silent(address: settings.address, milliseconds: now - heardAt))
        } else if now - heardAt >= Self.quietMilliseconds {
            append(["PING"])
            askedAt = now
            write()
        }
    }

    private func closed(_ reason: String) -> RedisError {
        .closed(address: settings.address, reason: reason)
    }

    private func unreachable(_ reason: String) -> RedisError {
        .unreachable(address: settings.address, reason: reason)
    }

    private var contextError: String {
        guard let context else { return "out of memory" }
        return Self.text(&context.pointee.errstr)
    }

    private var readerError: String {
        guard let context else { return "out of memory" }
        return Self.text(&context.pointee.reader.pointee.errstr)
    }

    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
