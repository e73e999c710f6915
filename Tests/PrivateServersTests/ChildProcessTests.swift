import Glibc
import PrivateServers
import TestKit
import Testing

@Suite("A child process")
struct ChildProcessTests {
    @Test(
        "tells how it ended",
        arguments: [
            ("exit 0", PrivateServers.ExitStatus.exited(0)), ("exit 7", .exited(7)),
            ("kill -9 $$", .signaled(9)), ("kill -TERM $$", .signaled(15)),
        ])
    func exitStatus(_ script: String, _ expected: PrivateServers.ExitStatus) throws {
        let process = try ChildProcess.start(Command("sh", ["-c", script]))
        #expect(process.wait(seconds: 20) == expected)
        #expect(process.exitStatus == expected)
    }

    @Test("gets exactly the environment, directory, input and output that were asked for")
    func surroundings() throws {
        let directory = try TemporaryDirectory()
        try Files.write("typed", to: directory.file("input"))
        let input = open(directory.file("input"), O_RDONLY)
        defer { close(input) }
        var command = Command(
            "sh", ["-c", "cat; echo \" $ONE\" $(pwd); echo complaint >&2"],
            environment: ["ONE": "1", "PATH": "/usr/bin:/bin"])
        command.workingDirectory = directory.path
        command.input = .descriptor(input)
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let text = String(decoding: process.readOutput(), as: UTF8.self)
        #expect(text == "typed 1 \(directory.path)\ncomplaint\n")
    }

    @Test("inherits no open file but the one that is meant for it")
    func openFiles() throws {
        let directory = try TemporaryDirectory()
        let stray = open(directory.file("stray"), O_RDWR | O_CREAT, 0o600)
        defer { close(stray) }
        let script = "for i in 0 1 2 3 4 5 6 7 8 9 10; do [ -e /proc/$$/fd/$i ] && printf $i; done"
        var command = Command("sh", ["-c", script])
        command.output = .pipe
        let without = try ChildProcess.start(command)
        #expect(String(decoding: without.readOutput(), as: UTF8.self) == "012")
        command.inheritedDescriptor = stray
        let with = try ChildProcess.start(command)
        #expect(String(decoding: with.readOutput(), as: UTF8.self) == "0123")
    }

    @Test("appends to a log that only its owner reads")
    func logFile() throws {
        let directory = try TemporaryDirectory()
        var command = Command("sh", ["-c", "echo out; echo err >&2"])
        command.output = .file(directory.file("log"))
        for _ in 0..<2 { _ = try ChildProcess.start(command).wait(seconds: 20) }
        let text = String(decoding: try Files.read(directory.file("log")), as: UTF8.self)
        #expect(text == "out\nerr\nout\nerr\n")
        var facts = stat()
        #expect(stat(directory.file("log"), &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    }

    @Test("is asked first and killed when it does not listen")
    func stubborn() throws {
        var command = Command("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"])
        command.output = .pipe
        let process = try ChildProcess.start(command)
        var line = [UInt8](repeating: 0, count: 6)
        #expect(read(process.output, &line, 6) == 6)
        #expect(process.stop(seconds: 0.1) == .signaled(SIGKILL))
    }

    @Test("does not inherit a blocked or ignored signal")
    func signals() throws {
        var blocked = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGTERM)
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let process = try ChildProcess.start(Command("sh", ["-c", "kill -TERM $$; exit 0"]))
        #expect(process.wait(seconds: 20) == .signaled(SIGTERM))
        signal(SIGPIPE, SIG_IGN)
        let other = try ChildProcess.start(Command("sh", ["-c", "kill -PIPE $$; exit 0"]))
        #expect(other.wait(seconds: 20) == .signaled(SIGPIPE))
    }

    @Test("ends with the one who started it, even when that one is killed")
    func boundToParent() throws {
        // The bound child is made by setpriv from a shell here, as ours are from this process.
        let script = "setpriv --pdeathsig TERM -- sleep 1000 & echo $!; kill -STOP $$"
        var command = Command("sh", ["-c", script])
        command.output = .pipeOfStandardOutput
        let parent = try ChildProcess.start(command)
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = read(parent.output, &bytes, 32)
        let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        let child = try #require(pid_t(text.dropLast()))
        #expect(eventually { name(child) == "sleep\n" })
        parent.stop(signal: SIGKILL)
        #expect(eventually { name(child) != "sleep\n" || state(child) == "Z" })
    }

    @Test("outlives the thread that asked for it")
    func notBoundToThread() throws {
        let box = Box()
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(box).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                var command = Command("sleep", ["1000"])
                command.whenParentEnds = .kill
                box.process = try? ChildProcess.start(command)  // nil fails the test below.
                return nil
            }, argument)
        pthread_join(thread, nil)
        let process = try #require(box.process)
        #expect(eventually { name(process.processIdentifier) == "sleep\n" })
        #expect(process.isRunning)
        #expect(process.stop() == .signaled(SIGTERM))
    }

    @Test("is refused with the package to install when it is missing")
    func missing() {
        #expect(throws: PrivateServerError.programMissing(name: "no-such", package: "no-such")) {
            try ChildProcess.start(Command("no-such"))
        }
    }

    /// Written by one thread, read after that thread was joined.
    private final class Box: @unchecked Sendable {
        var process: ChildProcess?
    }

    private func name(_ process: pid_t) -> String? {
        guard let bytes = try? Files.read("/proc/\(process)/comm") else { return nil }  // Gone.
        return String(decoding: bytes, as: UTF8.self)
    }

    private func state(_ process: pid_t) -> String? {
        guard let bytes = try? Files.read("/proc/\(process)/stat") else { return nil }  // Gone.
        let text = String(decoding: bytes, as: UTF8.self)
        return text.split(separator: ")").last.map { String($0.dropFirst().prefix(1)) }
    }
}
