import CoreModels
import DecisionCores

/// A stretch of the near past: where a core stood, the messages since, and the inputs since.
///
/// Messages have one order and inputs have one order; how the two lie between each other is looked
/// for, nearest to the clocks first.
struct InputPlacement<Core: DecisionCore> {
    /// Choices after which the search gives up.
    private static var limit: Int { 400 }
    /// Ways to one place that are followed: they lead to much the same, but not always.
    private static var ways: Int { 64 }

    let base: CheckedCore<Core>
    let begin: Timestamp
    /// Symbols whose prices the answers to inputs may hang on: of others the clocks decide.
    let sensitive: Set<Symbol>
    var messages: [SeenMessage] = []
    var inputs: [LedgerInput] = []

    init(base: CheckedCore<Core>, begin: Timestamp, sensitive: Set<Symbol>) {
        self.base = base
        self.begin = begin
        self.sensitive = sensitive
    }

    /// What is known of a search on its way.
    private struct Search {
        let inputs: [LedgerInput]
        /// By how much the two clocks may differ, in milliseconds.
        let jitter: Int64
        /// How many inputs come before each message at least, as their answers tell.
        let inputsBefore: [Int]
        /// How many messages come before each input at least.
        let messagesBefore: [Int]
        var choices = 0
        var visits: [Int: Int] = [:]
    }

    /// The core after all messages, the inputs and `more`, every event as the ledger has it; nil
    /// when no order leads there.
    func order(_ more: ArraySlice<LedgerInput>, _ jitter: Int64) -> CheckedCore<Core>? {
        let all = inputs + more
        var least = 0
        let inputsBefore = messages.map { message in
            let last = all.indices.last { all[$0].isBefore(message.data) }
            least = max(least, last.map { $0 + 1 } ?? 0)
            return least
        }
        least = 0
        let messagesBefore = all.map { input in
            let last = messages.indices.last { input.isAfter(messages[$0].data) }
            least = max(least, last.map { $0 + 1 } ?? 0)
            return least
        }
        var search = Search(
            inputs: all, jitter: jitter, inputsBefore: inputsBefore,
            messagesBefore: messagesBefore)
        return order(base, messages: 0, inputs: 0, &search)
    }

    private func order(
        _ start: CheckedCore<Core>, messages first: Int, inputs second: Int, _ search: inout Search
    ) -> CheckedCore<Core>? {
        var core = start
        var (message, input) = (first, second)
        while message < messages.count || input < search.inputs.count {
            let isInputNext: Bool
            if message == messages.count {
                isInputNext = true
            } else if input == search.inputs.count {
                isInputNext = false
            } else if input < search.inputsBefore[message] {
                guard message >= search.messagesBefore[input] else { return nil }
                isInputNext = true
            } else if message < search.messagesBefore[input] {
                isInputNext = false
            } else {
                let distance = search.inputs[input].time.since(messages[message].time)
                let isClear = distance.magnitude > search.jitter
                guard isClear || !sensitive.contains(messages[message].data.symbol) else {
                    return choose(core, message, input, inputFirst: distance < 0, &search)
                }
                isInputNext = distance < 0
            }
            guard step(&core, message, input, isInputNext, search) else { return nil }
            if isInputNext { input += 1 } else { message += 1 }
        }
        return core
    }

    /// The clocks are too near each other to tell: both ways are tried.
    private func choose(
        _ core: CheckedCore<Core>, _ message: Int, _ input: Int, inputFirst: Bool,
        _ search: inout Search
    ) -> CheckedCore<Core>? {
        let place = message * (search.inputs.count + 1) + input
        search.visits[place, default: 0] += 1
        search.choices += 1
        guard search.visits[place, default: 0] <= Self.ways, search.choices <= Self.limit else {
            return nil
        }
        for isInput in [inputFirst, !inputFirst] {
            var next = core
            guard step(&next, message, input, isInput, search) else { continue }
            let found = order(
                next, messages: message + (isInput ? 0 : 1), inputs: input + (isInput ? 1 : 0),
                &search)
            if let found { return found }
        }
        return nil
    }

    /// False when it does not fit; the core is of no use then.
    private func step(
        _ core: inout CheckedCore<Core>, _ message: Int, _ input: Int, _ isInput: Bool,
        _ search: Search
    ) -> Bool {
        do throws(Difference) {
            if isInput {
                try core.take(search.inputs[input])
            } else {
                var events: [Event] = []
                try core.see(messages[message], into: &events)
            }
            return true
        } catch {
            return false
        }
    }
}
