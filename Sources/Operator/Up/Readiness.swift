import Glibc

/// Tells the `cdb up --detach` that started this process when everything is ready.
struct Readiness {
    /// The variable that says which descriptor the starter reads from.
    static let variable = "CDB_READINESS_DESCRIPTOR"
    /// Where `Command.inheritedDescriptor` puts it.
    static let descriptor: Int32 = 3

    let isDetached: Bool

    init(_ environment: [String: String]) {
        isDetached = environment[Self.variable] == "\(Self.descriptor)"
    }

    func announce() {
        guard isDetached else { return }
        var mark = UInt8(ascii: "\n")
        // Who does not read it any more has given up; the stack runs all the same.
        _ = write(Self.descriptor, &mark, 1)
        close(Self.descriptor)
    }
}
