import CoreModels
import ServiceKit

// Operator's commands. A halt holds from the moment it is taken, whatever happens to Postgres.
extension ServiceLoop {
    func takeCommands() {
        guard commandsWait else { return }
        for delivery in commands.takeAll() {
            if session != nil, let numbers = work.refusal(of: delivery.request, at: now) {
                // The core still says so in its stream of alerts.
                handle(delivery.request)
                delivery.reply(.refused(numbers))
                continue
            }
            pendingCommands.append(PendingCommand(fact: delivery.request, reply: delivery.reply))
            if session != nil { handle(delivery.request) }
        }
    }

    /// Without a session a halt is kept and answered as not durable; a release needs the state.
    func answerCommandsWithoutSession() {
        for command in pendingCommands {
            if command.fact.isHalt {
                standingCommands.append(command.fact)
                command.reply?(.notDurableYet)
            } else {
                command.reply?(.unavailable)
            }
        }
        pendingCommands.removeAll()
    }

    /// First thing with a new session.
    func applyStandingCommands() {
        for fact in standingCommands {
            handle(fact)
            pendingCommands.append(PendingCommand(fact: fact, reply: nil))
        }
        standingCommands.removeAll()
    }

    func commandsAreDurable() {
        guard !pendingCommands.isEmpty else { return }
        // Who asks `/status` right after the answer must see what it did.
        publishBoard(health)
        for command in pendingCommands { command.reply?(.durable) }
        pendingCommands.removeAll()
    }
}

/// A command that was handled and is not committed yet.
struct PendingCommand {
    let fact: Fact
    let reply: ((OperatorReply) -> Void)?
}

extension Fact {
    var isHalt: Bool {
        switch self {
        case .halt: true
        case .marketData, .signal, .order, .orderResult, .clock, .release, .fill, .exchange,
            .orderBacklog, .endOfData, .notice:
            false
        }
    }
}
