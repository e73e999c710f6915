import Glibc
import PrivateServers

extension Files {
    /// In bytes; 0 when there is no such file.
    static func size(_ path: String) -> Int64 {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int64(facts.st_size) : 0
    }
}
