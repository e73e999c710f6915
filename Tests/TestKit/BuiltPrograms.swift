import Glibc
public import PrivateServers

/// The built executables: beside the test bundle, or where `CDB_PROGRAMS` says.
public enum BuiltPrograms {
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    private static let directory: String = {
        let found = chosen
        print("tests run the executables in \(found)")
        return found
    }()

    private static var chosen: String {
        if let named = ProcessEnvironment.current["CDB_PROGRAMS"], !named.isEmpty { return named }
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") }
        let path = Files.absolute(bundle ?? "/proc/self/exe")
        return folders(of: path).first { Files.exists("\($0)/cdb_core") } ?? "."
    }

    /// The folders a path lies in, the nearest first.
    private static func folders(of path: String) -> [String] {
        var rest = path[...]
        var folders: [String] = []
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            folders.append(String(rest))
        }
        return folders
    }

    public static func path(_ name: String) throws -> String {
        let path = "\(directory)/\(name)"
        guard access(path, X_OK) == 0 else {
            throw Missing(description: "\(path) is not built; swift build makes it")
        }
        return path
    }
}

/// Programs of the system that a test may do without.
public enum InstalledPrograms {
    public static func has(_ name: String) -> Bool {
        guard let found = try? Program.find(name, package: name) else {
            return false  // Which package it comes from does not matter here.
        }
        return Files.exists(found)
    }

    /// Runs one to its end; its output holds the errors, too.
    public static func run(
        _ name: String, _ words: [String]
    ) throws -> (status: ExitStatus, output: String) {
        var command = Command(name, words)
        command.output = .pipe
        command.whenParentEnds = .kill
        let process = try ChildProcess.start(command)
        let output = String(decoding: process.readOutput(), as: UTF8.self)
        return (process.stop(signal: 0, seconds: 60), output)
    }
}
