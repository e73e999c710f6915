import PrivateServers
import Testing

@testable import Operator

/// A child whose life and death are told by the test.
private final class Puppet: Restartable {
    var exitStatus: PrivateServers.ExitStatus?
    var refuses = false
    private(set) var starts = 0

    struct Refusal: Error, CustomStringConvertible {
        var description: String { "no room" }
    }

    func restart() throws {
        if refuses { throw Refusal() }
        starts += 1
        exitStatus = nil
    }
}

@Suite("A supervised child")
struct SupervisedChildTests {
    @Test("that lives is left alone")
    func alive() {
        let puppet = Puppet()
        var child = SupervisedChild("puppet", puppet)
        let findings = [0, 1_000].map { child.check(at: $0) }
        #expect(findings == [.alive, .alive])
        #expect(puppet.starts == 0)
    }

    @Test("that died is started again after the pause, once")
    func restarted() {
        let puppet = Puppet()
        var child = SupervisedChild("puppet", puppet)
        puppet.exitStatus = .signaled(9)
        let findings = [0, 199, 200, 201].map { child.check(at: $0) }
        #expect(
            findings == [
                .died("signal 9", pauseMilliseconds: 200), .waiting, .restarted, .alive,
            ])
        #expect(puppet.starts == 1)
    }

    @Test("that cannot be started dies each time anew, until there is no hope")
    func hopeless() {
        let puppet = Puppet()
        puppet.refuses = true
        puppet.exitStatus = .exited(1)
        var child = SupervisedChild("puppet", puppet)
        let findings = [0, 200, 600, 1_400, 3_000].map { child.check(at: $0) }
        #expect(
            findings == [
                .died("exit code 1", pauseMilliseconds: 200),
                .died("no room", pauseMilliseconds: 400),
                .died("no room", pauseMilliseconds: 800),
                .died("no room", pauseMilliseconds: 1_600), .hopeless("no room"),
            ])
    }
}
