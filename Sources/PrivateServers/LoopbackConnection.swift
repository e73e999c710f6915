import Glibc

/// One short question to a server on 127.0.0.1, to see whether it is ready.
enum LoopbackConnection {
    /// Connects, sends, and reads until `isEnough` or the other side closes.
    /// - Returns: what was read, or nil when there was no connection or no answer in a second.
    static func ask(
        _ question: [UInt8], port: UInt16, isEnough: ([UInt8]) -> Bool
    ) -> [UInt8]? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        guard LoopbackPort.withAddress(port, { connect(descriptor, $0, $1) }) == 0 else {
            return nil
        }
        guard
            send(descriptor, question, question.count, Int32(MSG_NOSIGNAL))
                == question.count
        else { return nil }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while !isEnough(answer), answer.count < 65_536 {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            answer += chunk[..<count]
        }
        return answer.isEmpty ? nil : answer
    }
}
