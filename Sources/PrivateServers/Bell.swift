import Glibc

/// Wakes a thread that waits for it: a pipe with one byte per ring.
struct Bell: ~Copyable, Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    init() {
        guard let ends = Files.makePipe() else {
            preconditionFailure("no pipe for a bell: \(Files.reason())")
        }
        (readEnd, writeEnd) = ends
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func ring() {
        var byte: UInt8 = 1
        while write(writeEnd, &byte, 1) < 0 && errno == EINTR {}
    }

    func wait() {
        var byte: UInt8 = 0
        while read(readEnd, &byte, 1) < 0 && errno == EINTR {}
    }
}
