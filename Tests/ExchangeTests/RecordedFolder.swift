import Glibc

/// Recorded messages that may lie beside the project; without them their tests are skipped.
enum RecordedFolder {
    static let path: String = {
        var parts = #filePath.split(separator: "/")
        while let last = parts.last, last != "Tests" { _ = parts.popLast() }
        return "/" + parts.dropLast().joined(separator: "/") + "/../shared/fixtures/mexc/"
    }()
    static let isThere = access(path, R_OK) == 0

    /// Names of the `.json` files of a folder, sorted.
    static func names(in folder: String) -> [String] {
        entries(of: folder).filter { $0.hasSuffix(".json") }.map { "\(folder)/\($0)" }.sorted()
    }

    /// Everything in a folder.
    static func entries(of folder: String) -> [String] {
        guard let directory = opendir(path + folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// The whole file; empty when it cannot be read, which no test takes for a message.
    static func text(_ name: String) -> String {
        guard let file = fopen(path + name, "r") else { return "" }
        defer { fclose(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }
}
