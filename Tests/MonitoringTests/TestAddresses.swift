import PrivateServers

/// Where the parts that compose names listen in a test: `cdb_risk:8002` is a port of 127.0.0.1.
struct TestAddresses {
    private var ports: [String: UInt16] = [:]

    init(free names: [String]) throws {
        for name in names { ports[name] = try LoopbackPort.free() }
    }

    subscript(name: String) -> UInt16 {
        get { ports[name] ?? 0 }
        set { ports[name] = newValue }
    }

    /// The monitoring's configuration for this test: our addresses, a scrape each second, and alerts
    /// that wait no longer than that.
    func write(to directory: String) throws {
        let source = MonitoringFiles.prometheus
        var configuration = try MonitoringFiles.text("\(source)/prometheus.yml")
            .replacing("_interval: 15s", with: "_interval: 1s")
            .replacing("scrape_timeout: 10s", with: "scrape_timeout: 1s")
        for (name, port) in ports {
            configuration = configuration.replacing(name, with: "127.0.0.1:\(port)")
        }
        try Files.write(configuration, to: "\(directory)/prometheus.yml")
        let rules = try MonitoringFiles.text("\(source)/alerts.yml")
            .replacing(/for: [0-9]+[sm]/, with: "for: 1s")
        try Files.write(rules, to: "\(directory)/alerts.yml")
    }
}
