import CoreModels
import Ledger

/// Whether each stream's lock is held by the stream's owner.
struct LocksCheck: Check {
    let holders: [LockHolder]

    private static let name = "locks"

    var findings: [Finding] {
        let strangers = holders.filter { $0.name != $0.stream.owner.rawValue }
        guard !strangers.isEmpty else {
            return [.ok(.services, Self.name, "\(holders.count) held, each by its owner")]
        }
        return strangers.map { holder in
            .failed(
                .services, Self.name,
                "\(holder.stream.rawValue), which belongs to \(holder.stream.owner.rawValue), is held "
                    + "by \(holder.name) (process \(holder.process) at \(holder.address))",
                remedy: "end that program, or SELECT pg_terminate_backend(\(holder.process))")
        }
    }
}
