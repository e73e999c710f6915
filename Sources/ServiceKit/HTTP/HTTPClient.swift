import Glibc
public import WireFormats

/// Why a request got no answer.
public enum HTTPClientError: Error, Equatable, Sendable, CustomStringConvertible {
    case badURL(String)
    case unknownHost(String)
    case cannotConnect(String)
    case timeout(String)
    case noAnswer(String)

    public var description: String {
        switch self {
        case .badURL(let url): "\(url) is no address of the form http://host:port/path"
        case .unknownHost(let host): "the host \(host) is not known"
        case .cannotConnect(let cause): cause
        case .timeout(let url): "\(url) did not answer in time"
        case .noAnswer(let url): "\(url) did not answer in HTTP"
        }
    }
}

/// One request to one of the project's services: plain HTTP, one connection, bounded in time.
public struct HTTPClient: Sendable {
    /// Answers are cut off here.
    public static let answerLimit = 16_777_216

    public var timeoutMilliseconds: Int64

    public init(timeoutMilliseconds: Int64 = 5_000) {
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Sends a request and waits for the whole answer, whatever its status.
    public func send(
        _ method: String, _ url: String, bearer: String? = nil, body: [UInt8] = []
    ) throws(HTTPClientError) -> HTTPReply {
        guard let target = HTTPTarget(url) else { throw .badURL(url) }
        let deadline = SystemClock.monotonicMilliseconds + timeoutMilliseconds
        let descriptor = try connect(target, deadline)
        defer { close(descriptor) }
        try write(request(method, target, bearer, body), to: descriptor, url, deadline)
        let bytes = try readAll(descriptor, url, deadline)
        guard let reply = HTTPReply(bytes, bodyLimit: Self.answerLimit) else {
            throw .noAnswer(url)
        }
        return reply
    }

    private func request(
        _ method: String, _ target: HTTPTarget, _ bearer: String?, _ body: [UInt8]
    ) -> [UInt8] {
        var head = "\(method) \(target.path) HTTP/1.1\r\nHost: \(target.authority)\r\n"
        head += "Connection: close\r\nAccept: */*\r\n"
        if let bearer { head += "Authorization: Bearer \(bearer)\r\n" }
        if !body.isEmpty || method == "POST" {
            head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n"
        }
        return Array((head + "\r\n").utf8) + body
    }

    private func connect(_ target: HTTPTarget, _ deadline: Int64) throws(HTTPClientError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(target.host, String(target.port), &hints, &found) == 0 else {
            throw .unknownHost(target.host)
        }
        defer { freeaddrinfo(found) }
        var cause = "no address"
        var next = found
        while let address = next?.pointee {
            let descriptor = socket(address.ai_family, address.ai_socktype, 0)
            if descriptor >= 0 {
                guard let code = connectCode(descriptor, address, deadline) else {
                    return descriptor
                }
                cause = SystemError.text(code)
                close(descriptor)
            }
            next = address.ai_next
        }
        throw .cannotConnect("cannot connect to \(target.host):\(target.port): \(cause)")
    }

    /// Nil when connected, else the error's code.
    private func connectCode(_ descriptor: Int32, _ address: addrinfo, _ deadline: Int64) -> Int32?
    {
        FileDescriptor.makeNonBlocking(descriptor)
        FileDescriptor.closeOnExec(descriptor)
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return nil }
        guard errno == EINPROGRESS else { return errno }
        if wait(descriptor, .writable, deadline).isEmpty { return ETIMEDOUT }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            return errno
        }
        return code == 0 ? nil : code
    }

    private func wait(
        _ descriptor: Int32, _ interest: PollEntry.Readiness, _ deadline: Int64
    ) -> PollEntry.Readiness {
        let remaining = max(0, deadline - SystemClock.monotonicMilliseconds)
        return Poller.wait(for: descriptor, interest, milliseconds: remaining)
    }

    private func write(
        _ bytes: [UInt8], to descriptor: Int32, _ url: String, _ deadline: Int64
    ) throws(HTTPClientError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                if wait(descriptor, .writable, deadline).isEmpty { throw .timeout(url) }
            } else if errno != EINTR {
                return  // The server may have answered and closed before it read everything.
            }
        }
    }

    private func readAll(
        _ descriptor: Int32, _ url: String, _ deadline: Int64
    ) throws(HTTPClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < Self.answerLimit {
            let count = read(descriptor, &piece, piece.count)
            if count > 0 {
                bytes.append(contentsOf: piece[..<count])
            } else if count == 0 {
                break
            } else if errno == EAGAIN {
                if wait(descriptor, .readable, deadline).isEmpty { throw .timeout(url) }
            } else if errno != EINTR {
                throw .noAnswer(url)
            }
        }
        return bytes
    }
}

/// The parts of `http://host:port/path`.
struct HTTPTarget: Equatable {
    var host: String
    var port: UInt16 = 80
    var path: String
    /// As the `Host` field wants it.
    var authority: String

    init?(_ url: String) {
        let scheme = "http://"
        guard url.lowercased().hasPrefix(scheme),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        let rest = url.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?".contains($0) } ?? rest.endIndex
        let tail = String(rest[end...])
        path = tail.hasPrefix("/") ? tail : "/" + tail
        authority = String(rest[..<end])
        var name = rest[..<end]
        if name.hasPrefix("["), let bracket = name.firstIndex(of: "]") {
            host = String(name[name.index(after: name.startIndex)..<bracket])
            name = name[name.index(after: bracket)...]
        } else {
            let colon = name.firstIndex(of: ":") ?? name.endIndex
            host = String(name[..<colon])
            name = name[colon...]
        }
        guard !host.isEmpty else { return nil }
        if name.hasPrefix(":") {
            guard let number = UInt16(name.dropFirst()), number > 0 else { return nil }
            port = number
        } else if !name.isEmpty {
            return nil
        }
    }
}
