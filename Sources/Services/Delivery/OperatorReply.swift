import CoreModels
import ServiceKit

/// What an operator's command came to.
enum OperatorReply: Equatable, Sendable {
    /// Committed to the ledger.
    case durable
    /// In force in memory, and the first thing that is committed when Postgres is back.
    case notDurableYet
    /// The service would not be right to do it: the numbers.
    case refused([Value.Member])
    /// The state is not loaded, so nothing can be released.
    case unavailable
}

/// Operator's commands on their way from an HTTP thread to the loop.
typealias CommandMailbox = Mailbox<Fact, OperatorReply>
