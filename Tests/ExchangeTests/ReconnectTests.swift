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
        "is at most 2 s after data, and begins anew after 3 s of it",
        arguments: [
            // The second refusal goes on from where the connection with data left it.
            (0, 0, 250...500, 500...1_000), (4, 0, 4_000...8_000, 8_000...16_000),
            (1, 500, 500...1_000, 1_000...2_000), (4, 500, 1_000...2_000, 2_000...4_000),
            (9, 2_500, 1_000...2_000, 2_000...4_000), (9, 3_000, 250...500, 500...1_000),
        ] as [(Int, Int64, ClosedRange<Int64>, ClosedRange<Int64>)])
    func afterData(
        failures: Int, data: Int64, first: ClosedRange<Int64>, second: ClosedRange<Int64>
    ) {
        let last = pauses(failures: failures, data: data).suffix(2)
        #expect(zip(last, [first, second]).allSatisfy { $1.contains($0) }, "\(last)")
    }

    @Test("stays at 2 s, however often a connection with data is cut")
    func cutAgainAndAgain() {
        var story = Story()
        var pauses: [Int64] = []
        story.tell(.clock)
        for _ in 0..<20 {
            story.tell(.opened)
            story.pass(1_000, every: 500, [tickers, .pong(nil)])
            for output in story.tell(.closed("cut")) {
                guard case .note(.lost(_, let pause)) = output else { continue }
                pauses.append(pause)
                story.pass(pause)
            }
        }
        #expect(pauses.count == 20 && pauses.allSatisfy { $0 <= 2_000 }, "\(pauses)")
    }
}
