import Foundation
import ServiceKit
import Testing

@Suite("docker-compose.yml")
struct ComposeFileTests {
    private let lines: [String]

    init() throws { lines = try ContainerFiles.lines("docker-compose.yml") }

    /// What is indented below the line that begins so.
    private func block(_ head: String, in lines: [String]) -> [String] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix(head) }) else { return [] }
        let depth = lines[start].prefix { $0 == " " }.count
        return Array(
            lines[(start + 1)...].prefix { line in
                line.isEmpty || line.prefix { $0 == " " }.count > depth
            })
    }

    /// The names in a mapping, those that `<<: *anchor` brings included.
    private func names(_ mapping: [String]) -> Set<String> {
        var names: Set<String> = []
        for line in mapping.map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if line.hasPrefix("<<: *") {
                names.formUnion(self.names(block("x-\(line.dropFirst(5)):", in: lines)))
            } else if !line.isEmpty, !line.hasPrefix("#") {
                names.insert(String(line.prefix { $0 != ":" }))
            }
        }
        return names
    }

    private func environment(of service: String) -> Set<String> {
        let services = block("services:", in: lines)
        return names(block("    environment:", in: block("  \(service):", in: services)))
    }

    @Test(
        "gives each service the variables it reads",
        arguments: ["cdb_ws", "cdb_rest", "cdb_core", "cdb_risk", "cdb_execution", "cdb_writer"])
    func variables(service: String) {
        // In a container these are the image's and the network's.
        let fixed: Set = [
            "REDIS_HOST", "REDIS_PORT", "REDIS_SOCKET", "REDIS_DB", "POSTGRES_HOST",
            "POSTGRES_PORT", "CDB_BIND", "\(service.uppercased())_PORT",
        ]
        let read = ConfigurationTable.all.filter { $0.readers.contains(service) }.map(\.name)
        #expect(environment(of: service) == Set(read).subtracting(fixed))
    }

    @Test("takes nothing from .env that the table of variables does not know")
    func interpolation() {
        let known = Set(ConfigurationTable.all.map(\.name))
        var used: Set<String> = []
        for line in lines where !line.hasPrefix("#") {
            for part in line.components(separatedBy: "${").dropFirst() {
                used.insert(String(part.prefix { $0.isLetter || $0.isNumber || $0 == "_" }))
            }
        }
        #expect(used.subtracting(known).isEmpty)
        let needed = ConfigurationTable.all.filter { $0.readers == ["compose"] }.map(\.name)
        #expect(Set(needed).subtracting(used).isEmpty)
    }

    @Test("gives Redis and Postgres every password that their users need")
    func passwords() throws {
        let rights = try ContainerFiles.lines("docker/redis/users.acl").joined()
        let inRedis = rights.components(separatedBy: "#{").dropFirst().map { part in
            String(part.prefix { $0 != "}" })
        }.filter { $0 != "NAME" }
        #expect(environment(of: "cdb_redis") == Set(inRedis))
        let inPostgres = try ContainerFiles.lines("docker/postgres/roles.sql")
            .filter { $0.hasPrefix("\\getenv") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(environment(of: "cdb_postgres") == Set(inPostgres).union(["POSTGRES_USER"]))
    }

    @Test("publishes on this machine only, unless told")
    func ports() {
        let ports = lines.filter { $0.contains("ports:") }
        #expect(ports.count == 13)
        for line in ports {
            #expect(line.contains("ports: [\"${CDB_PUBLISH:-127.0.0.1}:"), "\(line)")
        }
    }

    @Test("names an exact version of every image, and this version of ours")
    func versions() throws {
        let dockerfile = try ContainerFiles.lines("Dockerfile")
        #expect(dockerfile.contains("ARG VERSION=\(BuildVersion.text)"))
        let images = lines.filter { $0.contains(" image: ") }
        #expect(images.count == 8)
        for line in images {
            #expect(line.contains(/:v?[0-9]+\.[0-9]+/), "\(line)")
        }
        #expect(lines.contains("  image: claire-de-binare:\(BuildVersion.text)"))
    }
}
