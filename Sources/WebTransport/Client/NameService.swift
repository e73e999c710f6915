import Glibc

/// The system's resolver.
enum NameService {
    /// Whether the name leads to an address. libwebsockets does not tell why it made no connection;
    /// this does. May take seconds when the name servers are silent.
    static func knows(_ host: String) -> Bool {
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &found) == 0 else { return false }
        freeaddrinfo(found)
        return true
    }
}
