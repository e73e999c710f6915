import CoreModels
import Testing

extension EndToEnd {
    /// Rows of the ledger that nobody can read (docs/DELIVERY.md, "poison in the ledger").
    @Suite("Poison in the ledger")
    struct PoisonTests {
        struct Poison: Sendable, CustomTestStringConvertible {
            let stream: Stream
            /// Held until the poison lies there.
            let held: [Service]
            /// Who parks it.
            let readers: [Service]
            var testDescription: String { stream.rawValue }
        }

        static let poisons = [
            Poison(stream: .signals, held: [.risk, .writer], readers: [.risk, .writer]),
            Poison(stream: .riskDecisions, held: [.writer], readers: [.writer]),
            Poison(stream: .orderResults, held: [.risk, .writer], readers: [.risk, .writer]),
        ]

        @Test("it is parked in dead_letters with its reason, with an alert", arguments: poisons)
        func parked(_ poison: Poison) throws {
            let stack = try Stack()
            if poison.stream == .orderResults {
                stack[.execution].freeze()
            } else {
                for service in poison.held { stack[service].freeze() }
            }
            try stack.stimulate()
            if poison.stream == .orderResults {
                try stack.wait("the order is stored") { try stack.count(.orders) == 1 }
                for service in poison.held { stack[service].freeze() }
                stack[.execution].thaw()
            }
            try stack.wait("the row is there") { try stack.count(poison.stream) == 1 }
            try stack.execute(
                """
                UPDATE ledger SET payload = '{"type":"poison"}'
                WHERE stream = '\(poison.stream.rawValue)' AND seq = 1
                """)
            for service in poison.held { stack[service].thaw() }
            for reader in poison.readers {
                try stack.wait("\(reader.rawValue) has parked it") {
                    try stack.number(
                        """
                        SELECT count(*) FROM dead_letters WHERE consumer = '\(reader.rawValue)'
                            AND stream = '\(poison.stream.rawValue)' AND seq = 1 AND reason <> ''
                            AND payload = '{"type":"poison"}'
                        """) == 1
                }
                #expect(try stack.alerts(reader, "DEAD_LETTER") == 1)
                let series = #"cdb_dead_letters_total{stream="\#(poison.stream.rawValue)"}"#
                try stack.wait("it is counted") { stack[reader].metric(series) == 1 }
            }
            #expect(stack.allRun)
            try stack.waitUntilReady()
        }

        @Test("an order that cannot be read but has an id is REJECTED with INVALID_ORDER")
        func orderWithID() throws {
            let stack = try Stack()
            try stack.poisonOrder(#"{"type":"order","order_id":"orders-1","quantity":"much"}"#)
            try stack.wait("the order is answered") { try stack.count(.orderResults) == 1 }
            #expect(
                try stack.rows(
                    """
                    SELECT payload->>'order_id', payload->>'status', payload->>'error_code'
                    FROM ledger WHERE stream = 'order_results'
                    """) == ["(orders-1,REJECTED,INVALID_ORDER)"])
            #expect(try stack.deadOrders == 1)
            #expect(try stack.alerts(.execution, "DEAD_LETTER") == 1)
            try stack.trade("ETH_USDT")
            try stack.waitUntilReady()
        }

        @Test("after an order without an id execution takes none, stays up and says so")
        func orderWithoutID() throws {
            let stack = try Stack()
            try stack.poisonOrder(#"{"type":"order"}"#)
            try stack.wait("/readyz is 503") { try stack[.execution].failsCheck("work") }
            try stack.wait("it is parked") { try stack.deadOrders == 1 }
            #expect(
                try stack.rows(
                    """
                    SELECT payload->>'level' FROM ledger WHERE stream = 'alerts.cdb_execution'
                        AND payload->>'code' = 'DEAD_LETTER'
                    """) == ["(CRITICAL)"])
            try stack.stimulate("ETH_USDT")
            try stack.wait("a second order is stored") { try stack.count(.orders) == 2 }
            stack[.execution].kill()
            try stack[.execution].restart()
            try stack.wait("it comes to the same point") {
                try stack[.execution].failsCheck("work")
            }
            #expect(try stack.count(.orderResults) == 0)
            #expect(try stack.deadOrders == 1)
            #expect(stack[.execution].isRunning)
        }
    }
}

extension Stack {
    /// The first order, replaced before execution reads it.
    fileprivate func poisonOrder(_ payload: String) throws {
        self[.execution].freeze()
        try stimulate("BTC_USDT")
        try wait("the order is stored") { try count(.orders) == 1 }
        try execute("UPDATE ledger SET payload = '\(payload)' WHERE stream = 'orders' AND seq = 1")
        self[.execution].thaw()
    }

    fileprivate var deadOrders: Int64 {
        get throws {
            try number(
                """
                SELECT count(*) FROM dead_letters
                WHERE consumer = 'cdb_execution' AND stream = 'orders' AND seq = 1
                """)
        }
    }
}
