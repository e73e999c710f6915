import CoreModels
import Glibc
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Threads, waiting and waking")
struct ThreadsTests {
    @Test("pauses double from 0.2 s to 5 s, and begin anew after a success")
    func backoff() {
        var backoff = Backoff()
        #expect(
            (0..<8).map { _ in backoff.next() } == [200, 400, 800, 1600, 3200, 5000, 5000, 5000])
        #expect(backoff.attempts == 8)
        backoff.reset()
        #expect(backoff.next() == 200)
    }

    @Test(
        "jitter shortens a pause by up to a half",
        arguments: [(0.0, 200), (0.5, 150), (1.0, 100), (7.0, 100), (-1.0, 200)]
            as [(Double, Int64)])
    func jitter(jitter: Double, pause: Int64) {
        var backoff = Backoff()
        #expect(backoff.next(jitter: jitter) == pause)
    }

    @Test("the clocks go forward, and the wall clock is in this century")
    func clocks() {
        let first = SystemClock.monotonicNanoseconds
        #expect(SystemClock.monotonicNanoseconds >= first)
        #expect(SystemClock.now().milliseconds > 1_700_000_000_000)
        #expect(SystemClock.now().milliseconds < 4_102_444_800_000)
    }

    @Test("a ring makes the descriptor readable until it is cleared")
    func wakeUp() throws {
        let wakeUp = try WakeUp()
        func isRung() -> Bool {
            !Poller.wait(for: wakeUp.fileDescriptor, .readable, milliseconds: 0).isEmpty
        }
        #expect(!isRung())
        for _ in 0..<100_000 { wakeUp.ring() }  // More than a pipe holds.
        #expect(isRung())
        wakeUp.clear()
        #expect(!isRung())
        wakeUp.ring()
        #expect(isRung())
    }

    @Test("a wait tells which descriptors are ready and skips negative ones")
    func poller() throws {
        let quiet = try WakeUp()
        let rung = try WakeUp()
        rung.ring()
        var entries = [
            PollEntry(-1, .readable), PollEntry(quiet.fileDescriptor, .readable),
            PollEntry(rung.fileDescriptor, .readable),
        ]
        #expect(Poller.wait(on: &entries, milliseconds: 1_000) == 1)
        #expect(entries.map(\.isReadable) == [false, false, true])
        #expect(entries.map(\.isWritable) == [false, false, false])
    }

    @Test("a wait that is interrupted by a signal goes on")
    func interrupted() throws {
        signal(SIGUSR2) { _ in }
        let wakeUp = try WakeUp()
        let waiting = Atomic<UInt>(0)
        let found = Monitor<Int?>(nil)
        let handle = Monitor<pthread_t?>(nil)
        let thread = try ServiceThread("waiter") {
            handle.update { $0 = pthread_self() }
            var entries = [PollEntry(wakeUp.fileDescriptor, .readable)]
            waiting.store(1, ordering: .releasing)
            let count = Poller.wait(on: &entries, milliseconds: 10_000)
            found.update { $0 = count }
        }
        let waiter = try #require(handle.wait(milliseconds: 10_000) { $0 })
        for _ in 0..<200 {
            pthread_kill(waiter, SIGUSR2)
            sched_yield()
        }
        #expect(found.wait(milliseconds: 0) { $0 } == nil)
        wakeUp.ring()
        thread.join()
        #expect(found.wait(milliseconds: 0) { $0 } == 1)
    }

    @Test("a stop is seen by everybody who polls, and stays")
    func stop() throws {
        let stop = try StopSignal()
        #expect(!stop.isRequested)
        #expect(Poller.wait(for: stop.fileDescriptor, .readable, milliseconds: 0).isEmpty)
        stop.request()
        stop.request()
        #expect(stop.isRequested)
        for _ in 0..<3 {
            #expect(!Poller.wait(for: stop.fileDescriptor, .readable, milliseconds: 0).isEmpty)
        }
    }

    @Test("who asks a mailbox gets the loop's reply")
    func mailbox() throws {
        let mailbox = try Mailbox<Int, String>()
        let loop = try ServiceThread("loop") {
            var answered = 0
            while answered < 3 {
                _ = Poller.wait(for: mailbox.fileDescriptor, .readable, milliseconds: 10_000)
                for letter in mailbox.takeAll() {
                    letter.reply("got \(letter.request)")
                    answered += 1
                }
            }
        }
        for number in 0..<3 {
            guard case .reply("got \(number)") = mailbox.ask(number, timeoutMilliseconds: 10_000)
            else {
                Issue.record("no reply to \(number)")
                continue
            }
        }
        loop.join()
    }

    @Test("a full mailbox says so, and a letter whose asker gave up is still delivered")
    func mailboxLimits() throws {
        let mailbox = try Mailbox<Int, Int>(capacity: 2)
        for number in 1...2 {
            guard case .timeout = mailbox.ask(number, timeoutMilliseconds: 1) else {
                Issue.record("a reply out of nowhere")
                return
            }
        }
        guard case .full = mailbox.ask(3, timeoutMilliseconds: 1) else {
            Issue.record("a third letter in a mailbox for two")
            return
        }
        #expect(mailbox.takeAll().map(\.request) == [1, 2])
        #expect(mailbox.takeAll().isEmpty)
        #expect(Poller.wait(for: mailbox.fileDescriptor, .readable, milliseconds: 0).isEmpty)
    }
}
