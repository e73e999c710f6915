import CoreModels
import Glibc
import PrivateServers
import Testing

extension EndToEnd {
    /// Start and stop (docs/CONFIGURATION.md).
    @Suite("Start and stop")
    struct LifecycleTests {
        @Test("SIGTERM while signals flow ends every service with 0 within 5 s; nothing is lost")
        func drains() throws {
            let stack = try Stack()
            try stack.trade()
            for number in 1...40 { try stack.stimulate(number % 2 == 0 ? "ETH_USDT" : "SOL_USDT") }
            // The limit is the requirement itself; below it nothing is measured.
            let ends = try stack.stopAll(seconds: 5)
            #expect(ends == Array(repeating: .exited(0), count: 4))
            let signals = try stack.count(.signals)
            #expect(signals >= 1)

            for service in Stack.everything { try stack[service].restart() }
            try stack.waitUntilReady()
            try stack.expectWhole(signals: signals)
            try stack.trade("XRP_USDT")
            try stack.expectWhole(signals: signals + 1)
        }

        @Test("a halt and a quiet market are told by /readyz, which stays 200")
        func remarks() throws {
            let stack = try Stack()
            try stack.trade()
            let reply = stack[.risk].send(
                "POST", "/halt", token: Stack.token, body: #"{"reason":"a look at readyz"}"#,
                seconds: 20)
            #expect(reply?.status == 200)
            #expect(stack[.risk].isReady)
            let checks = try stack[.risk].document("/readyz")["checks"].list ?? []
            func detail(_ name: String) -> String? {
                checks.first { $0["name"].text == name }?["detail"].text
            }
            #expect(detail("trading") == "HALTED (MANUAL: a look at readyz)")
            #expect(detail("feed")?.hasPrefix("last market_data ") == true)
            let trading = try stack[.risk].document("/status")["trading"]
            #expect(trading["state"].text == "HALTED")
        }

        @Test("services started before their servers wait, say so, and become ready")
        func early() throws {
            let servers = try Servers.shared()
            try servers.revive()
            let database = try servers.freshDatabase()
            servers.redis.stop()
            servers.postgres.stop()
            let stack = try Stack(database: database, revives: false, waits: false)
            for service in Stack.everything {
                try stack.wait("\(service.rawValue) says what it waits for") {
                    try stack[service].failsCheck("postgres")
                        && stack[service].failsCheck("redis")
                        && stack[service].logText().contains("postgres_unavailable")
                }
            }
            try servers.revive()
            try stack.waitUntilReady()
            try stack.trade()
            try stack.expectWhole(signals: 1)
        }

        @Test(
            "missing variables are named in one line, all at once, and end the start with 1",
            arguments: Service.allCases)
        func missing(_ service: Service) throws {
            let end = try Programs.run(service.rawValue, [])
            #expect(end.status == .exited(1))
            let lines = end.output.split(separator: "\n")
            #expect(lines.count == 1)
            for name in ["REDIS_PASSWORD", "POSTGRES_USER", "POSTGRES_PASSWORD"] {
                #expect(lines.first?.contains(name) == true)
            }
        }

        @Test("TRADING_MODE=live is refused with exit code 1")
        func live() throws {
            let end = try Programs.run(
                "cdb_execution", [],
                environment: [
                    "REDIS_PASSWORD": "r", "POSTGRES_USER": "p", "POSTGRES_PASSWORD": "p",
                    "TRADING_MODE": "live",
                ])
            #expect(end.status == .exited(1))
            #expect(end.output.contains("TRADING_MODE"))
        }

        @Test("a service that has nothing to do uses next to no processor time")
        func idle() throws {
            let stack = try Stack()
            for service in Stack.everything {
                let running = stack[service]
                let before = running.metric("process_cpu_seconds_total") ?? 0
                let start = try running.document("/status")["uptime_s"].integer ?? 0
                try stack.wait("three seconds of idling") {
                    try running.document("/status")["uptime_s"].integer ?? 0 >= start + 3
                }
                // A loop that spins takes all it gets.
                let used = (running.metric("process_cpu_seconds_total") ?? 0) - before
                #expect(used < 1.2, "\(service.rawValue) used \(used) s of some 3 s")
            }
        }
    }
}
