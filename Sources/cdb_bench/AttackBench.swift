import CoreModels
import Glibc
import ServiceKit
import WireFormats

/// Hostile clients at cdb_risk's HTTP port: what they do to the time of an order, to a scrape, and
/// to the service's memory and descriptors.
enum AttackBench {
    static let orders = 300
    private static let target = Service.risk

    static func run() throws {
        raiseDescriptorLimit()
        let stack = try BenchStack(OrderLatency.settings)
        let latency = try OrderLatency(stack)
        let port = try stack.port(target)
        let process = try stack.process(target)
        _ = latency.measure(orders)
        try phase("before", stack, latency, process, [])
        // What such a swarm takes from this machine whomever it attacks.
        let page = try stack.get(target, "/metrics")
        let own = try HTTPServer(
            address: "127.0.0.1", port: 0,
            routes: [HTTPRoute("GET", "/metrics") { _ in .text(page) }],
            logger: Logger(service: "cdb_bench", level: .error))
        try phase(
            "500 connections at a server that is not of the stack", stack, latency, process,
            [AttackSwarm(.hammer, port: own.port, connections: 500)])
        own.stop()
        try phase(
            "500 connections at /metrics", stack, latency, process,
            [AttackSwarm(.hammer, port: port, connections: 500)])
        try phase(
            "500 slow clients and 100 with garbage", stack, latency, process,
            [
                AttackSwarm(.dribble, port: port, connections: 500),
                AttackSwarm(.garbage, port: port, connections: 100),
            ])
        try phase(
            "1,000 that ask and do not read", stack, latency, process,
            [AttackSwarm(.deaf, port: port, connections: 1_000)])
        try phase(
            "10,000 idle connections", stack, latency, process,
            [AttackSwarm(.idle, port: port, connections: 10_000)])
        _ = Bench.wait(seconds: 15) { process.openFiles < 40 }
        try phase("after", stack, latency, process, [])
        try stack.close()
    }

    private static func phase(
        _ name: String, _ stack: BenchStack, _ latency: OrderLatency,
        _ process: ServiceProcess, _ swarms: [AttackSwarm]
    ) throws {
        print(" \(name)")
        // What is measured is the attack under way, not its beginning.
        _ = latency.measure(20)
        let cpu = try process.cpuSeconds()
        let scraper = try Scraper(stack, [target])
        Bench.printShares("order", latency.measure(orders), of: orders)
        scraper.printEnd()
        Bench.line(
            "CPU of \(target.rawValue)", try process.cpuSeconds() - cpu, "s")
        Bench.line(
            "\(target.rawValue) resident", try process.residentBytes() / 1_048_576, "MiB")
        Bench.line("\(target.rawValue) descriptors", process.openFiles, "")
        for swarm in swarms {
            swarm.stop()
            let counts = swarm.counts
            print(
                "  the attackers: \(counts.connected) connections, \(counts.answered) answers,"
                    + " \(counts.refused) told 503, \(counts.closed) closed")
        }
    }

    /// 10,000 connections need as many descriptors here.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
