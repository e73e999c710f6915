import CSpawn
import Glibc

/// One call of `posix_spawn` with everything a command asks for.
struct Spawn: Sendable {
    struct Outcome: Sendable {
        /// 0 or an error code.
        let code: Int32
        let identifier: Int32
    }

    let command: Command
    let words: [String]
    /// The end of the pipe that the child writes to, or -1.
    let outputEnd: Int32

    func start() -> Outcome {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        addFiles(to: &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignalsAndGroup(of: &attributes)

        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            command.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var identifier: Int32 = 0
        let code = posix_spawn(
            &identifier, words[0], &actions, &attributes, &arguments, &variables)
        return Outcome(code: code, identifier: identifier)
    }

    private func addFiles(to actions: inout posix_spawn_file_actions_t) {
        if let directory = command.workingDirectory {
            posix_spawn_file_actions_addchdir_np(&actions, directory)
        }
        switch command.input {
        case .nothing: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .descriptor(let file): posix_spawn_file_actions_adddup2(&actions, file, 0)
        }
        switch command.output {
        case .inherited: break
        case .discarded: addOutput("/dev/null", to: &actions)
        case .file(let path): addOutput(path, to: &actions)
        case .pipe:
            posix_spawn_file_actions_adddup2(&actions, outputEnd, 1)
            posix_spawn_file_actions_adddup2(&actions, outputEnd, 2)
        case .pipeOfStandardOutput:
            posix_spawn_file_actions_adddup2(&actions, outputEnd, 1)
        }
        if let inherited = command.inheritedDescriptor {
            posix_spawn_file_actions_adddup2(&actions, inherited, 3)
        }
        let firstClosed: Int32 = command.inheritedDescriptor == nil ? 3 : 4
        posix_spawn_file_actions_addclosefrom_np(&actions, firstClosed)
    }

    private func addOutput(_ path: String, to actions: inout posix_spawn_file_actions_t) {
        posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }

    /// Services block signals in all threads; a child must not inherit that.
    private func setSignalsAndGroup(of attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if command.ownSession {
            flags |= 0x80  // POSIX_SPAWN_SETSID, which Glibc's module does not show.
        } else if command.ownProcessGroup {
            flags |= POSIX_SPAWN_SETPGROUP
            posix_spawnattr_setpgroup(&attributes, 0)
        }
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}
