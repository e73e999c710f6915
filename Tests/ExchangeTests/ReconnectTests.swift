import CoreModels
import Exchange
import Testing

@Suite("The pause before the next connection") struct ReconnectTests {
    @Test("grows with each failure: 0.5 s, 1 s … 30 s, shortened by up to a half")
    func pauses() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var story = Story(seed: seed)
            var pauses: [Int64] = []
            for _ in 0..<9 {
                story.tell(.clock)
                story.now += 5
                for output in story.tell(.closed("refused")) {
                    if case .note(.lost(_, let pause)) = output { pauses.append(pause) }
                }
                #expect(
                    story.session.nextDeadline(now: story.now) == story.now + (pauses.last ?? 0))
                story.now += pauses.last ?? 0
            }
            let full: [Int64] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]
            #expect(pauses.count == full.count)
            for (pause, full) in zip(pauses, full) { #expect((full / 2...full).contains(pause)) }
        }
    }

    @Test("takes its jitter from the seed alone")
    func jitter() {
        func pause(_ seed: UInt64) -> [FeedSession.Output] {
            var story = Story(seed: seed)
            story.tell(.clock)
            return story.tell(.closed("refused"))
        }
        #expect(pause(7) == pause(7))
        #expect(Set((1...50 as ClosedRange<UInt64>).map { "\(pause($0))" }).count > 20)
    }

    /// The pauses in a row after `failures` refused attempts, a connection with `data` ms of data,
    /// and one more refused attempt.
    private func pauses(failures: Int, data: Int64) -> [Int64] {
        var story = Story()
        story.tell(.clock)
        var pauses: [Int64] = []
        func end(_ reason: String) {
            for output in story.tell(.closed(reason)) {
                if case .note(.lost(_, let pause)) = output { pauses.append(pause) }
            }
            story.pass(pauses.last ?? 0)
        }
        for _ in 0..<failures { end("refused") }
        story.tell(.opened)
        story.pass(data, every: 500, [tickers, .pong(nil)])
        end("cut")
        end("refused")
        return pauses
    }

    @Test(
        "is the first one after a connection that gave data for longer than it",
        arguments: [
            // After four failures the pause is 8 s: half of it at least, and then 16 s.
            (4, 7_500, 4_000...8_000, 8_000...16_000), (4, 8_000, 250...500, 4_000...8_000),
            (0, 0, 250...500, 500...1_000),
        ] as [(Int, Int64, ClosedRange<Int64>, ClosedRange<Int64>)])
    func outlived(
        failures: Int, data: Int64, first: ClosedRange<Int64>, second: ClosedRange<Int64>
    ) {
        let last = pauses(failures: failures, data: data).suffix(2)
        #expect(zip(last, [first, second]).allSatisfy { $1.contains($0) }, "\(last)")
    }

    @Test(
        "starts anew after 10 s of data",
        arguments: [(9_500, 15_000...30_000), (10_000, 250...500)] as [(Int64, ClosedRange<Int64>)]
    )
    func healthy(data: Int64, expected: ClosedRange<Int64>) {
        let last = pauses(failures: 9, data: data).last
        #expect(last.map(expected.contains) == true, "\(last ?? -1)")
    }
}
