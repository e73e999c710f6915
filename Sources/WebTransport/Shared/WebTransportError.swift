public import ServiceKit

/// A client or server could not be set up. What happens to connections later is no error but an
/// event.
public enum WebTransportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The address is no URL of the schemes that fit here.
    case badURL(String, expected: String)
    /// A certificate, key or authority file cannot be read.
    case unreadableFile(String)
    /// The port is held by another program.
    case portInUse(UInt16)
    /// The C library refused to begin.
    case library(String)
    case system(SystemError)

    public var description: String {
        switch self {
        case .badURL(let url, let expected):
            "\(url) is no address to connect to: it must look like \(expected)"
        case .unreadableFile(let path):
            "\(path) cannot be read: give the path of a PEM file that this user may read"
        case .portInUse(let port):
            "port \(port) of 127.0.0.1 is in use: stop the program that holds it "
                + "(`ss -ltnp 'sport = :\(port)'` names it) or choose another port"
        case .library(let reason): reason
        case .system(let error): error.description
        }
    }
}
