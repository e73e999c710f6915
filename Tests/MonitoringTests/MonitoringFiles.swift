import CoreModels
import PrivateServers
import WireFormats

/// What lies in `monitoring/`, and the document its runbooks are in.
enum MonitoringFiles {
    static let root: String = {
        let folders = #filePath.split(separator: "/").dropLast(3)
        return "/" + folders.joined(separator: "/")
    }()

    static let prometheus = "\(root)/monitoring/prometheus"
    static let alertmanager = "\(root)/monitoring/alertmanager/alertmanager.yml"
    static let grafana = "\(root)/monitoring/grafana"

    static func text(_ path: String) throws -> String {
        String(decoding: try Files.read(path), as: UTF8.self)
    }

    static func lines(_ path: String) throws -> [String] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0.trimming(" "))
        }
    }

    /// What follows `key: ` in the lines that begin so.
    static func values(of key: String, in path: String) throws -> [String] {
        try lines(path).compactMap { line in
            let prefix = key + ": "
            return line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
        }
    }

    static func alerts() throws -> [String] {
        try values(of: "- alert", in: "\(prometheus)/alerts.yml")
    }

    static func dashboards() throws -> [Dashboard] {
        let folder = "\(grafana)/dashboards"
        return try Files.entries(of: folder).sorted().map { name in
            try Dashboard(JSONDocument.parse(Files.read("\(folder)/\(name)"), limit: 1_000_000))
        }
    }
}

extension StringProtocol {
    func trimming(_ character: Character) -> SubSequence {
        guard let first = firstIndex(where: { $0 != character }),
            let last = lastIndex(where: { $0 != character })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
