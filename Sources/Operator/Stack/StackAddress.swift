/// Where a stack is: that of a directory, or the one the environment names.
struct StackAddress {
    /// Nil when the stack was found by the environment.
    let directory: StackDirectory?
    /// This process's environment, under it what `stack.env` says.
    let environment: [String: String]

    static let option = Option(
        "dir", .value("DIR"), "the stack's directory (default .cdb if it is there)")

    /// Finds it by `--dir`, else by `.cdb`, else by the environment.
    static func find(_ arguments: Arguments, _ context: Context) throws -> StackAddress {
        let directory = StackDirectory(arguments.text("dir") ?? StackDirectory.defaultPath)
        guard directory.exists else {
            guard !arguments.has("dir") else {
                throw CommandFailure.failed(
                    "\(directory.path) holds no stack; cdb up --dir \(directory.path) starts one")
            }
            return StackAddress(directory: nil, environment: context.environment)
        }
        return StackAddress(
            directory: directory,
            environment: try directory.readEnvironment().over(context.environment))
    }

    /// As `find`, but only for stacks of `cdb up`.
    static func findDirectory(
        _ arguments: Arguments, _ context: Context
    ) throws -> StackDirectory {
        guard let directory = try find(arguments, context).directory else {
            throw CommandFailure.failed(
                "there is no \(StackDirectory.defaultPath) here; --dir names the stack's directory")
        }
        return directory
    }
}
