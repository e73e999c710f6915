import Glibc
import PrivateServers

/// Who listens on a port of this machine.
struct PortHolder: Sendable, Equatable {
    /// The program; nil when it belongs to another account or container.
    let name: String?
    let process: Int32?
}

/// The TCP ports on which somebody listens where 127.0.0.1 would be answered, from /proc.
struct ListeningPorts {
    /// Port by the socket's inode.
    private let ports: [(port: Int, inode: String)]

    init() {
        ports = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { path in
            Self.listening(ListeningPorts.text(path))
        }
    }

    private static let listen = "0A"
    /// 127.0.0.1 and all addresses, as the kernel writes them for IPv4 and IPv6.
    private static let addresses: Set<String> = [
        "0100007F", "00000000", "00000000000000000000000000000000",
        "00000000000000000000000001000000", "0000000000000000FFFF00000100007F",
    ]

    /// - Parameter table: of /proc/net/tcp.
    static func listening(_ table: String) -> [(port: Int, inode: String)] {
        table.split(separator: "\n").dropFirst().compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, words[3] == listen else { return nil }
            let parts = words[1].split(separator: ":")
            guard parts.count == 2, addresses.contains(String(parts[0])),
                let port = Int(parts[1], radix: 16)
            else { return nil }
            return (port, String(words[9]))
        }
    }

    /// Those who hold one of these ports.
    func holders(of wanted: Set<Int>) -> [Int: [PortHolder]] {
        let open = ports.filter { wanted.contains($0.port) }
        let processes = Self.processes(holding: Set(open.map(\.inode)))
        var holders: [Int: [PortHolder]] = [:]
        for (port, inode) in open {
            let known = processes[inode] ?? [PortHolder(name: nil, process: nil)]
            for holder in known
            where holders[port]?.contains(where: { $0.name == holder.name }) != true {
                holders[port, default: []].append(holder)
            }
        }
        return holders
    }

    /// Holders by the inode of their socket, as far as this account may see them.
    private static func processes(holding inodes: Set<String>) -> [String: [PortHolder]] {
        guard !inodes.isEmpty else { return [:] }
        var holders: [String: [PortHolder]] = [:]
        for process in Files.entries(of: "/proc").compactMap({ Int32($0) }).sorted() {
            for file in Files.entries(of: "/proc/\(process)/fd") {
                guard let target = link("/proc/\(process)/fd/\(file)"),
                    target.hasPrefix("socket:[")
                else { continue }
                let inode = String(target.dropFirst(8).dropLast())
                guard inodes.contains(inode) else { continue }
                let name = text("/proc/\(process)/comm").split(separator: "\n").first
                holders[inode, default: []].append(
                    PortHolder(name: name.map { String($0) }, process: process))
            }
        }
        return holders
    }

    private static func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 128)
        let count = readlink(path, &target, target.count)
        guard count > 0 else { return nil }
        return String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Empty when it is not there: the process has ended, or there is no IPv6.
    private static func text(_ path: String) -> String {
        do throws(PrivateServerError) {
            return String(decoding: try Files.read(path), as: UTF8.self)
        } catch {
            return ""
        }
    }
}
