/// Room on the file system of one data directory.
struct DiskCheck: Check {
    let point: CheckPoint
    let path: String
    /// What this account may still use.
    let freeBytes: Int64

    private static let name = "disk space"
    /// Postgres needs room for its log of changes alone.
    private static let least: Int64 = 100 << 20
    private static let comfortable: Int64 = 1 << 30

    var findings: [Finding] {
        let detail = "\(freeBytes >> 20) MiB free under \(path)"
        let remedy =
            "make room there (du -xh \(path) | sort -h | tail), or move the data to a larger disk"
        if freeBytes < Self.least { return [.failed(point, Self.name, detail, remedy: remedy)] }
        if freeBytes < Self.comfortable {
            return [.warning(point, Self.name, detail, remedy: remedy)]
        }
        return [.ok(point, Self.name, detail)]
    }
}
