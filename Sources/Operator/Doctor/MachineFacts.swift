import Glibc
import PrivateServers

/// What this machine gives to a stack.
enum MachineFacts {
    /// Bytes that this account may still use where `path` lies; nil where it cannot be asked.
    static func freeBytes(_ path: String) -> Int64? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return Int64(
            clamping: UInt64(facts.f_bavail).multipliedReportingOverflow(
                by: UInt64(facts.f_frsize)
            ).partialValue)
    }

    /// Open files a process may have; nil when unlimited or not to be seen.
    static func descriptorLimit(of process: Int32) -> Int64? {
        let path = "/proc/\(process)/limits"
        do throws(PrivateServerError) {
            return descriptorLimit(String(decoding: try Files.read(path), as: UTF8.self))
        } catch {
            return nil  // Of another account: it may look for itself.
        }
    }

    /// - Parameter table: of /proc/PID/limits.
    static func descriptorLimit(_ table: String) -> Int64? {
        let name = "Max open files"
        let line = table.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(separator: " ").first.flatMap { Int64($0) }
    }

    /// What `cdb up` starts: the programs beside this one, and the servers.
    static func programs() -> ProgramsCheck {
        let directory = PrivateStack.programDirectory
        var missing: [ProgramsCheck.Missing] = []
        for program in StackProgram.all where access("\(directory)/\(program.name)", X_OK) != 0 {
            missing.append(
                .init(
                    program: "\(directory)/\(program.name)",
                    remedy: "swift build -c release makes it; run the cdb that lies beside it"))
        }
        let packages = [("redis-server", "redis-server"), ("setpriv", "util-linux")]
        for (program, package) in packages {
            do throws(PrivateServerError) {
                _ = try Program.find(program, package: package)
            } catch {
                missing.append(.init(program: program, remedy: "apt-get install \(package)"))
            }
        }
        do throws(PrivateServerError) {
            _ = try PostgresPrograms.find()
        } catch {
            missing.append(.init(program: "postgres", remedy: "apt-get install postgresql"))
        }
        return ProgramsCheck(missing: missing, directory: directory)
    }
}
