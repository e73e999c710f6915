import ServiceKit

/// Asks several questions at once, each in a thread of its own, and waits only so long: what hangs
/// (a resolver, a dead disk) is left behind and ends with the process.
enum Consultation {
    /// The answers in the order of the questions; nil where none came in time.
    static func ask<Answer: Sendable>(
        _ questions: [@Sendable () -> Answer], milliseconds: Int64
    ) throws(SystemError) -> [Answer?] {
        let answers = Monitor<[Answer?]>(questions.map { _ in nil })
        for (index, question) in questions.enumerated() {
            _ = try ServiceThread("question") {
                let answer = question()
                answers.update { $0[index] = answer }
            }
        }
        let all = answers.wait(milliseconds: milliseconds) { answers in
            answers.contains { $0 == nil } ? nil : answers
        }
        return all ?? answers.update { $0 }
    }
}
