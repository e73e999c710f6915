import CoreModels
import EventSchema
import Testing

@testable import Operator

@Suite("which messages of a replay go out, again or for the first time")
struct ReplayWindowTests {
    private func message(_ number: Int64) -> ReplayWindow.Message {
        .init(
            channel: .marketData, bytes: Array("\(number)".utf8),
            timestamp: Timestamp(milliseconds: number))
    }

    private func bell(
        _ service: Service, _ sequence: Int64, committed: Int64, heads: [ProgressBell.Mark] = [],
        offsets: [ProgressBell.Mark] = []
    ) -> ProgressBell {
        ProgressBell(
            service: service.rawValue, feed: "replay-1", sequence: sequence, committed: committed,
            heads: heads, offsets: offsets)
    }

    private func window(sent count: Int64, after committed: Int64 = 0) -> ReplayWindow {
        var window = ReplayWindow(committed: committed)
        for number in 1...count {
            window.produce(message(committed + number))
            window.markSent()
        }
        return window
    }

    @Test("no consumer is left behind by more than the window")
    func windowIsBounded() {
        var window = ReplayWindow(committed: 0)
        while window.wantsMore, window.sent < 2 * ReplayWindow.limit {
            window.produce(message(window.produced + 1))
            guard window.next() != nil else { break }
            window.markSent()
        }
        #expect(window.sent == ReplayWindow.limit)
        for service in ReplayWindow.consumers { window.reported(bell(service, 100, committed: 0)) }
        #expect(window.next() != nil || window.wantsMore)
    }

    @Test("what all have committed is forgotten, what one may ask for again is kept")
    func forgetting() {
        var window = window(sent: 10)
        window.reported(bell(.core, 10, committed: 8))
        window.reported(bell(.risk, 10, committed: 10))
        #expect(window.forgotten == 0)
        window.reported(bell(.execution, 9, committed: 5))
        #expect(window.forgotten == 5)
        window.sendAgain(from: 5)
        #expect(window.next()?.bytes == Array("6".utf8))
    }

    @Test("it goes on behind the committed number of an earlier run")
    func resuming() {
        var window = ReplayWindow(committed: 41)
        window.produce(message(42))
        #expect(window.next()?.bytes == Array("42".utf8))
        #expect(window.sent == 41)
    }

    @Test("settled means handled by all and nothing under way between them")
    func settling() {
        var window = window(sent: 3)
        window.reported(
            bell(.core, 3, committed: 3, heads: [.init(stream: "signals", sequence: 2)]))
        window.reported(
            bell(
                .execution, 3, committed: 3, heads: [.init(stream: "order_results", sequence: 1)],
                offsets: [.init(stream: "orders", sequence: 1)]))
        window.reported(
            bell(
                .risk, 3, committed: 2, heads: [.init(stream: "orders", sequence: 1)],
                offsets: [
                    .init(stream: "signals", sequence: 1),
                    .init(stream: "order_results", sequence: 1),
                ]))
        #expect(!window.isSettled)
        let offsets: [ProgressBell.Mark] = [
            .init(stream: "signals", sequence: 2), .init(stream: "order_results", sequence: 1),
        ]
        let heads: [ProgressBell.Mark] = [.init(stream: "orders", sequence: 1)]
        window.reported(bell(.risk, 3, committed: 2, heads: heads, offsets: offsets))
        #expect(window.isSettled)
        #expect(!window.isCommitted)
        window.reported(bell(.risk, 3, committed: 3, heads: heads, offsets: offsets))
        #expect(window.isCommitted)
    }

    @Test("a consumer that comes back from a crash is waited for")
    func crash() {
        var window = window(sent: 100)
        for service in ReplayWindow.consumers { window.reported(bell(service, 100, committed: 60)) }
        #expect(window.isSettled)
        window.reported(bell(.risk, 60, committed: 60))
        #expect(!window.isSettled)
        window.sendAgain(from: 60)
        #expect(window.next()?.bytes == Array("61".utf8))
    }
}
