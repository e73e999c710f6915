import Glibc
import PrivateServers
import ServiceKit

/// A port that accepts connections and never answers.
final class SilentListener: Sendable {
    let port: UInt16
    fileprivate let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var found: UInt16?
        withLoopback(port: 0) { address, length in
            var length = length
            guard bind(descriptor, address, length) == 0, listen(descriptor, 8) == 0,
                getsockname(descriptor, address, &length) == 0
            else { return }
            found = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
        guard let found else { throw NotOpened() }
        port = found
    }

    deinit { close(descriptor) }
}

/// A port that answers one request with these bytes and hangs up.
final class ScriptedServer: Sendable {
    private let listener: SilentListener

    var port: UInt16 { listener.port }

    init(_ answer: String) throws {
        let listener = try SilentListener()
        self.listener = listener
        _ = try ServiceThread("scripted server") {
            let client = accept(listener.descriptor, nil, nil)
            defer { close(client) }
            var request: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4_096)
            while !request.ends(with: "\r\n\r\n") {
                let count = read(client, &piece, piece.count)
                guard count > 0 else { return }
                request += piece[..<count]
            }
            _ = send(client, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
        }
    }
}

extension [UInt8] {
    fileprivate func ends(with text: String) -> Bool {
        suffix(text.utf8.count).elementsEqual(text.utf8)
    }
}

/// A raw TCP client, to misbehave with.
final class RawClient {
    private let descriptor: Int32

    init(port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var isConnected = false
        withLoopback(port: port) { isConnected = connect(descriptor, $0, $1) == 0 }
        guard isConnected else { throw NotOpened() }
    }

    deinit { close(descriptor) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Errors show in what comes back.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// All bytes until the other side closes, or ten seconds have passed.
    func readToEnd() -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        let end = SystemClock.monotonicMilliseconds + 10_000
        while true {
            let rest = end - SystemClock.monotonicMilliseconds
            guard rest > 0,
                !Poller.wait(for: descriptor, .readable, milliseconds: rest).isEmpty
            else { return all }
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }
}

private func withLoopback(
    port: UInt16, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Void
) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
}

/// The memory of this process that lies in RAM.
func residentBytes() throws -> Int {
    let pages = try String(decoding: Files.read("/proc/self/statm"), as: UTF8.self)
        .split(separator: " ")
    return (Int(pages.dropFirst().first ?? "") ?? 0) * Int(getpagesize())
}
