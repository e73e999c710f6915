/// What to run as a child process, and how it is tied to this one.
public struct Command: Sendable {
    /// Where a child's input comes from.
    public enum Input: Sendable {
        case nothing
        /// An open file of this process; it stays ours to close.
        case descriptor(Int32)
    }

    /// Where a child's output goes.
    public enum Output: Sendable {
        case inherited
        case discarded
        /// Appended to this file, which is created with mode 0600.
        case file(String)
        /// Readable at the child's `output`; standard output and error together.
        case pipe
        /// As `pipe`, but only standard output; standard error is inherited.
        case pipeOfStandardOutput

        var isPipe: Bool {
            switch self {
            case .pipe, .pipeOfStandardOutput: true
            case .inherited, .discarded, .file: false
            }
        }
    }

    /// The signals that end a child with its parent.
    public enum EndSignal: String, Sendable {
        case terminate = "TERM"
        case interrupt = "INT"
        case kill = "KILL"
    }

    /// An absolute path, or a name that is looked for in `PATH` and the system's directories.
    public var program: String
    public var arguments: [String]
    /// The whole environment of the child.
    public var environment: [String: String]
    /// nil: this process's own.
    public var workingDirectory: String?
    public var input: Input = .nothing
    public var output: Output = .inherited
    /// A process group of its own, so that Ctrl-C on the terminal does not reach it.
    public var ownProcessGroup = false
    /// A session of its own, without a terminal: it outlives the one who started it.
    public var ownSession = false
    /// The signal that the kernel sends to the child when this process ends, however it ends.
    public var whenParentEnds: EndSignal?
    /// An open file that the child finds as descriptor 3; everything else above 2 is closed.
    public var inheritedDescriptor: Int32?
    /// The account to run as; only root may name one.
    public var account: Account?

    public init(
        _ program: String, _ arguments: [String] = [],
        environment: [String: String] = ProcessEnvironment.current
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// The words to execute: the program, behind `setpriv` where it must be bound or lowered.
    func words() throws(PrivateServerError) -> [String] {
        let path = try Program.find(program, package: program)
        guard whenParentEnds != nil || account != nil else { return [path] + arguments }
        var words = [try Program.find("setpriv", package: "util-linux")]
        if let account {
            words += [
                "--reuid", "\(account.user)", "--regid", "\(account.group)", "--clear-groups",
            ]
        }
        if let whenParentEnds { words += ["--pdeathsig", whenParentEnds.rawValue] }
        return words + ["--", path] + arguments
    }
}
