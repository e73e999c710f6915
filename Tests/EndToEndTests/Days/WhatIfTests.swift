import CoreModels
import PrivateServers
import ServiceKit
import TestKit
import Testing
import WireFormats

extension EndToEnd {
    @Suite("cdb whatif")
    struct WhatIfTests {
        @Test("lists the decisions that would change, and the difference in PnL")
        func changes() throws {
            let day = try RecordedDay(seed: 11)
            try day.trade(rounds: 25)
            try day.end()
            let since = ISO8601.text(SystemClock.now().startOfDay)

            // A setting as it is: nothing changes.
            let same = try day.run(
                ["whatif", "--since", since, "--json", "--set", "STOP_LOSS_PCT=0.005"])
            #expect(same.status == .exited(0), "\(same.output)")
            let equal = try RecordedDay.report(same.output, limit: 1 << 22)
            #expect(equal["changes"].list == [])
            #expect(equal["pnl_difference"] == .decimal(0))
            #expect((equal["configured"]["approved"].integer ?? 0) > 5)
            #expect(equal["configured"] == equal["changed"])

            // Half the size: every opening order is half as large.
            let half = try day.run(
                ["whatif", "--since", since, "--json", "--set", "MAX_POSITION_PCT=0.05"])
            #expect(half.status == .exited(0), "\(half.output)")
            let report = try RecordedDay.report(half.output, limit: 1 << 22)
            let changed = try #require(report["changes"].list)
            #expect(changed.count > 5)
            let first = changed[0]
            #expect(first["configured"]["verdict"].text == "APPROVED")
            let before = first["configured"]["notional"].fixed(MoneyUnit.self) ?? .zero
            let after = first["changed"]["notional"].fixed(MoneyUnit.self) ?? .zero
            #expect((before - after - after).magnitude < Money(1))
            let fees = ["configured", "changed"].map {
                report[$0]["fees"].fixed(MoneyUnit.self) ?? .zero
            }
            #expect(fees[1] < fees[0])
            let pnl = ["configured", "changed"].map {
                report[$0]["pnl"].fixed(MoneyUnit.self) ?? .zero
            }
            #expect(report["pnl_difference"].fixed(MoneyUnit.self) == pnl[1] - pnl[0])

            // No signal at all.
            let none = try day.run(
                ["whatif", "--since", since, "--set", "SIGNAL_THRESHOLD_PCT=50"])
            #expect(none.status == .exited(0))
            #expect(none.output.contains(" → nothing"))
            #expect(none.output.contains("difference in PnL: "))
        }

        @Test(
            "is used wrongly with a clear message",
            arguments: [
                (["whatif", "--since", "2026-01-01"], "--set says what is changed"),
                (["whatif", "--set", "MAX_POSITION_PCT=0.05"], "--since says where to begin"),
                (["whatif", "--since", "soon", "--set", "A=1"], "--since soon: a time like"),
            ])
        func wrongUse(words: [String], text: String) throws {
            let run = try Programs.run("cdb", words)
            #expect(run.status == .exited(2))
            #expect(run.output.contains(text))
        }

        @Test(
            "names a setting that is none, or out of its range",
            arguments: [
                ("MAX_LUCK=1", "MAX_LUCK is no variable"),
                ("MAX_POSITION_PCT=5", "MAX_POSITION_PCT"),
            ])
        func badSetting(setting: String, text: String) throws {
            let stack = try Stack([], waits: false)
            let run = try stack.cdb("whatif", "--since", "2026-01-01", "--set", setting)
            #expect(run.status == .exited(2))
            #expect(run.output.contains(text), "\(run.output)")
        }
    }
}
