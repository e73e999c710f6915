import Glibc

/// A thread that runs one closure to its end.
public final class ServiceThread: @unchecked Sendable {
    // Unchecked: the handle is written once, before the thread is shared, and only joined.
    private let handle: pthread_t

    private final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts at once. `name` is what `top -H` shows, at most 15 bytes of it.
    public init(_ name: String, _ run: @escaping @Sendable () -> Void) throws(SystemError) {
        let body = Unmanaged.passRetained(Body(name: name, run: run))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                ServiceThread.nameThis(body.name)
                body.run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw SystemError("start the thread \(name)", code: code)
        }
        self.handle = handle
    }

    /// The name only helps people: that it cannot be written is no matter.
    private static func nameThis(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, min(name.utf8.count, 15))
        close(file)
    }

    /// Waits until the closure has returned. Called exactly once.
    public func join() {
        let code = pthread_join(handle, nil)
        precondition(code == 0, "a thread is joined once, and not by itself")
    }
}
