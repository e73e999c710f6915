/// The environment this process was started with.
public enum ProcessEnvironment {
    public static var current: [String: String] {
        guard let bytes = try? Files.read("/proc/self/environ") else {
            return [:]  // Without /proc there is nothing to hand on.
        }
        var variables: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: entry[..<equals], as: UTF8.self)
            variables[name] = String(decoding: entry[(equals + 1)...], as: UTF8.self)
        }
        return variables
    }
}
