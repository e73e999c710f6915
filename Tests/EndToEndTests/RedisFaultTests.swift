import CoreModels
import Glibc
import PrivateServers
import Testing

extension EndToEnd {
    /// Rows of the failure matrix (docs/DELIVERY.md) about Redis: it holds nothing that matters.
    @Suite("Redis that fails")
    struct RedisFaultTests {
        @Test(
            "decisions go on through the ledger while Redis is killed, and the services come back")
        func killed() throws {
            let stack = try Stack()
            try stack.withLedgerLocked { lock in
                // The signal is on its way into the ledger when Redis dies.
                try stack.stimulate()
                try stack.waitForBlockedCommit(of: .core)
                stack.servers.redis.kill()
                lock.release()
            }
            try stack.wait("the signal is executed without Redis") {
                try stack.count(.orderResults) == 1
            }
            try stack.wait("every /readyz names Redis") {
                try stack.services.values.allSatisfy { try $0.failsCheck("redis") }
            }
            #expect(stack.allRun)
            try stack.servers.redis.restart()
            try stack.waitUntilReady()
            try stack.trade("ETH_USDT")
            try stack.expectWhole(signals: 2)
        }

        @Test("Redis restarted in order: nothing is lost, the services come back by themselves")
        func restarted() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.servers.redis.restart()
            try stack.wait("every service has come back") {
                stack.services.values.allSatisfy {
                    $0.metric("cdb_redis_reconnects") ?? 0 >= 1 && $0.isReady
                }
            }
            try stack.trade("ETH_USDT")
            try stack.expectWhole(signals: 2)
        }

        @Test("Redis flushed: nothing happens")
        func flushed() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.servers.redisCommand("FLUSHALL")
            try stack.trade("ETH_USDT")
            #expect(stack.allReady)
            try stack.expectWhole(signals: 2)
        }

        @Test("Redis unreachable for more than 6 s: decisions go on, /readyz says so and returns")
        func unreachable() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.withLedgerLocked { lock in
                try stack.stimulate("ETH_USDT")
                try stack.waitForBlockedCommit(of: .core)
                stack.servers.redis.signal(SIGSTOP)
                lock.release()
            }
            try stack.wait("the signal is executed without Redis") {
                try stack.count(.orderResults) == 2
            }
            // A peer that hangs shows only by its silence, after some 7 s.
            try stack.wait("every /readyz names Redis") {
                try stack.services.values.allSatisfy { try $0.failsCheck("redis") }
            }
            #expect(stack.allRun)
            stack.servers.redis.signal(SIGCONT)
            try stack.waitUntilReady()
            try stack.trade("SOL_USDT")
            try stack.expectWhole(signals: 3)
        }

        @Test("a subscriber that Redis cuts off comes back and is counted")
        func cutOff() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            try stack.servers.redisCommand("CLIENT", "KILL", "TYPE", "pubsub")
            try stack.wait("every service has come back") {
                stack.services.values.allSatisfy {
                    $0.metric("cdb_redis_reconnects") ?? 0 >= 1 && $0.isReady
                }
            }
            try stack.trade("ETH_USDT")
            try stack.expectWhole(signals: 2)
        }

        @Test("a burst beyond Redis' output buffer loses no decision, and counts the market data")
        func burst() throws {
            let stack = try Stack()
            try stack.trade("BTC_USDT")
            let limit = try stack.servers.redisCommand(
                "CONFIG", "GET", "client-output-buffer-limit")
            #expect(limit.contains("pubsub"))
            try stack.servers.redisCommand(
                "CONFIG", "SET", "client-output-buffer-limit", "pubsub 262144 0 0")
            defer {
                _ = try? stack.servers.redisCommand(
                    "CONFIG", "SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60")
            }
            for service in [Service.risk, .execution] { stack[service].freeze() }
            // Beyond what the kernel's socket buffers take for a reader that sleeps.
            for _ in 0..<10 {
                let burst = (0..<6000).map { _ in
                    Array(stack.message("ETH_USDT", change: Stack.quiet).utf8)
                }
                try stack.publish("market_data", burst)
            }
            try stack.stimulate("SOL_USDT")
            for service in [Service.risk, .execution] { stack[service].thaw() }
            try stack.wait("risk and execution were cut off and have come back") {
                [Service.risk, .execution].allSatisfy {
                    stack[$0].metric("cdb_redis_reconnects") ?? 0 >= 1 && stack[$0].isReady
                }
            }
            try stack.waitUntilReady()
            try stack.tick("SOL_USDT")
            let series = #"cdb_sequence_gaps_total{stream="market_data"}"#
            try stack.wait("what was missed is counted") {
                try [Service.risk, .execution].allSatisfy { service in
                    if stack[service].metric(series) ?? 0 >= 1 { return true }
                    try stack.tick("SOL_USDT")
                    return false
                }
            }
            // On a busy machine the limit may have cut off core as well, at any moment until now.
            let before = try stack.count(.orderResults)
            try stack.wait("trading goes on") {
                try stack.stimulate("XRP_USDT")
                return try stack.count(.orderResults) > before
            }
            try stack.expectWhole()
        }
    }
}
