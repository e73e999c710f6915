import Glibc
import PrivateServers
import ServiceKit
import Synchronization

/// One connection of a swarm.
final class AttackClient {
    enum Outcome {
        case nothing
        /// A whole answer other than 503 has come.
        case answered
        /// 503.
        case refused
    }

    private static let request = Array("GET /metrics HTTP/1.1\r\nHost: attack\r\n\r\n".utf8)
    private static let deafRequests = 1_000

    private(set) var isClosed = false
    private let behaviour: AttackSwarm.Behaviour
    private let descriptor: Int32
    private let output: [UInt8]
    private var sent = 0
    /// What is still to come of the present answer; nil between answers.
    private var missing: Int?
    private var nextByte: Int64 = 0

    /// Nil when the system has no more sockets or ports.
    init?(_ behaviour: AttackSwarm.Behaviour, _ port: UInt16, _ connected: borrowing Atomic<Int>) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.behaviour = behaviour
        let turn = connected.wrappingAdd(1, ordering: .relaxed).newValue
        output = Self.output(behaviour, turn)
        guard descriptor >= 0 else { return nil }
        FileDescriptor.makeNonBlocking(descriptor)
        let status = LoopbackPort.withAddress(port) { [descriptor] in connect(descriptor, $0, $1) }
        if status != 0, errno != EINPROGRESS {
            isClosed = true
            close(descriptor)
        }
    }

    deinit { if descriptor >= 0, !isClosed { close(descriptor) } }

    private static func output(_ behaviour: AttackSwarm.Behaviour, _ turn: Int) -> [UInt8] {
        switch behaviour {
        case .hammer, .dribble: request
        case .idle: []
        case .deaf: (0..<deafRequests).flatMap { _ in request }
        case .garbage:
            switch turn % 3 {
            case 0: (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ turn) }
            case 1: Array("GET / HTTP/1.1\r\nX: ".utf8) + [UInt8](repeating: 120, count: 70_000)
            default: request + request + request
            }
        }
    }

    var entry: PollEntry {
        var interest: PollEntry.Readiness = behaviour == .deaf ? [] : .readable
        let isDue = behaviour != .dribble || SystemClock.monotonicMilliseconds >= nextByte
        if sent < output.count, isDue { interest.insert(.writable) }
        return PollEntry(descriptor, interest)
    }

    /// Reads and writes what it can without waiting.
    func act(_ entry: PollEntry, _ piece: inout [UInt8]) -> Outcome {
        if entry.ready.contains(.writable) { write() }
        if behaviour == .deaf {
            if !entry.ready.isDisjoint(with: .broken) { end() }
            return .nothing
        }
        guard !isClosed, entry.isReadable else { return .nothing }
        let count = read(descriptor, &piece, piece.count)
        if count == 0 || (count < 0 && errno != EAGAIN) { end() }
        return count > 0 ? take(piece[..<count]) : .nothing
    }

    private func write() {
        let end = behaviour == .dribble ? sent + 1 : output.count
        let count = output.withUnsafeBytes {
            send(descriptor, $0.baseAddress.map { $0 + sent }, end - sent, Int32(MSG_NOSIGNAL))
        }
        if count > 0 { sent += count } else if errno != EAGAIN { self.end() }
        nextByte = SystemClock.monotonicMilliseconds + 1_000
    }

    /// Loopback brings a head in one piece.
    private func take(_ bytes: ArraySlice<UInt8>) -> Outcome {
        if let missing {
            return progress(missing - bytes.count)
        }
        let head = String(decoding: bytes.prefix(512), as: UTF8.self)
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            .flatMap { Int($0.dropFirst(16)) }
        let body = Array(head.utf8).firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
        if head.hasPrefix("HTTP/1.1 503") { return .refused }
        guard let length, let body else { return .nothing }
        // The third kind of garbage vanishes as soon as the first bytes of its answers are here.
        if behaviour == .garbage, head.hasPrefix("HTTP/1.1 200") { vanish() }
        return progress(length + body - bytes.count)
    }

    private func progress(_ rest: Int) -> Outcome {
        missing = rest > 0 ? rest : nil
        guard missing == nil else { return .nothing }
        if behaviour == .hammer { sent = 0 }
        return .answered
    }

    private func vanish() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        end()
    }

    private func end() {
        guard !isClosed else { return }
        isClosed = true
        close(descriptor)
    }
}
