import Glibc

/// Reads a secret from a file, as Docker secrets come.
enum SecretFile {
    private static let limit = 65_536

    enum Failure: Error, Equatable, CustomStringConvertible {
        case unreadable(SystemError)
        case empty(String)
        case tooLong(String)

        var description: String {
            switch self {
            case .unreadable(let error): error.description
            case .empty(let path): "\(path) is empty"
            case .tooLong(let path): "\(path) is too long for a secret"
            }
        }
    }

    /// The content without blanks and line ends around it.
    static func read(_ path: String) throws(Failure) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(SystemError("read \(path)", code: errno)) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let taken = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if taken < 0, errno == EINTR { continue }
            guard taken >= 0 else { throw .unreadable(SystemError("read \(path)", code: errno)) }
            if taken == 0 { break }
            count += taken
        }
        guard count <= limit else { throw .tooLong(path) }
        let text = VariableReading.trimmed(String(decoding: bytes[..<count], as: UTF8.self))
        guard !text.isEmpty else { throw .empty(path) }
        return text
    }
}
