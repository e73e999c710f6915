import CoreModels
import Glibc
import PrivateServers
import ServiceKit
import Testing

extension EndToEnd {
    /// `/metrics` of the services after they have traded (docs/HTTP_AND_METRICS.md).
    @Suite("Metrics pages")
    struct MetricsPageTests {
        static let everywhere = [
            "cdb_health_status", "cdb_build_info", "cdb_redis_publish_duration_seconds",
            "cdb_ledger_commit_duration_seconds", "process_resident_memory_bytes",
            "process_cpu_seconds_total", "process_open_fds", "process_start_time_seconds",
        ]
        static let consumers = [
            "cdb_consumer_lag_events", "cdb_event_processing_duration_seconds",
            "cdb_dead_letters_total",
        ]
        static let series: [Service: [String]] = [
            .core: [
                "cdb_market_data_events_received_total", "cdb_signals_generated_total",
                "cdb_signal_strength", "cdb_indicators_calculated_total",
                "cdb_signal_processing_duration_seconds", "cdb_sequence_gaps_total",
                "cdb_duplicates_skipped_total",
            ],
            .risk: consumers + [
                "cdb_signals_evaluated_total", "cdb_orders_approved_total",
                "cdb_orders_rejected_total", "cdb_approved_order_size", "cdb_daily_drawdown_pct",
                "cdb_total_exposure_pct", "cdb_position_exposure_pct", "cdb_risk_violations_total",
                "cdb_risk_layer_checks_total", "cdb_circuit_breaker_active", "cdb_trading_state",
                "cdb_limit_pct", "cdb_stop_loss_triggered_total", "cdb_data_staleness_seconds",
                "cdb_risk_decision_duration_seconds", "cdb_equity_usd", "cdb_cumulative_pnl_usd",
                "cdb_max_drawdown_pct", "cdb_sharpe_ratio_30d", "cdb_value_at_risk_95_pct",
                "cdb_sequence_gaps_total", "cdb_duplicates_skipped_total",
            ],
            .execution: consumers + [
                "cdb_orders_received_total", "cdb_trades_executed_total", "cdb_trade_pnl_usd",
                "cdb_open_positions", "cdb_position_size", "cdb_slippage_bps",
                "cdb_order_execution_duration_seconds", "cdb_win_rate_ratio",
                "cdb_trade_duration_seconds", "cdb_pnl_by_symbol_usd", "cdb_sequence_gaps_total",
                "cdb_duplicates_skipped_total", "cdb_execution_errors_total",
            ],
            .writer: consumers,
        ]
        /// Families of faults that did not happen: they are announced and have no sample.
        static let faults: [Service: [String]] = [
            .core: ["cdb_signal_errors_total"], .risk: ["cdb_volatility_5m_pct"],
        ]

        @Test("every page holds the series of its service and passes promtool")
        func pages() throws {
            let stack = try Stack()
            // A trade, a stop-loss that closes it, and a refusal.
            try stack.trade("BTC_USDT")
            try stack.tick("BTC_USDT", price: "43000.0")
            try stack.wait("the stop-loss is filled") { try stack.count(.orderResults) == 2 }
            try stack.tick("ETH_USDT", change: "-0.5")
            try stack.wait("a sale without a position is refused") {
                try stack.number(
                    """
                    SELECT count(*) FROM ledger WHERE stream = 'risk_decisions'
                        AND payload->>'code' = 'NO_POSITION'
                    """) == 1
            }
            try stack.trade("SOL_USDT")
            try stack.expectWhole(signals: 3)
            // What tells of the state follows an event in the next pause.
            for (service, name) in [
                (Service.execution, "cdb_open_positions"), (.risk, "cdb_position_exposure_pct"),
            ] {
                try stack.wait("\(service.rawValue) shows the last trade") {
                    stack[service].page("/metrics")?.body.contains(
                        "\n\(name){symbol=\"SOL_USDT\"} ") ?? false
                }
            }
            for service in Stack.everything {
                let page = stack[service].page("/metrics")?.body ?? ""
                for name in Self.everywhere + (Self.series[service] ?? []) {
                    let isThere = ["{", " ", "_count{", "_count "].contains {
                        page.contains("\n\(name)\($0)")
                    }
                    // The writer decides nothing, so it may have had nothing to publish.
                    let isSilent =
                        service == .writer && name == "cdb_redis_publish_duration_seconds"
                    #expect(isThere || isSilent, "\(service.rawValue): \(name)")
                }
                for name in Self.faults[service] ?? [] {
                    #expect(page.contains("# TYPE \(name) "), "\(service.rawValue): \(name)")
                }
                try Self.checkWithPromtool(page, stack.file("\(service.rawValue).prom"))
            }
        }

        private static func checkWithPromtool(_ page: String, _ path: String) throws {
            guard Programs.isInstalled("promtool") else {
                print("skipped: promtool is not installed, no page was checked with it")
                return
            }
            try Files.write(page, to: path)
            let file = open(path, O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            var command = Command("promtool", ["check", "metrics"])
            command.input = .descriptor(file)
            command.output = .pipe
            let process = try ChildProcess.start(command)
            let output = String(decoding: process.readOutput(), as: UTF8.self)
            #expect(process.stop(seconds: 20).isSuccess, "\(output)")
        }
    }
}
