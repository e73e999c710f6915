import Testing

@testable import Operator

@Suite("A child that dies")
struct RestartPolicyTests {
    @Test("is started again after growing pauses, and given up at the fifth death in a minute")
    func growing() {
        var policy = RestartPolicy()
        let verdicts = [0, 1_000, 2_000, 3_000, 4_000].map { policy.died(at: $0) }
        #expect(
            verdicts == [
                .restart(afterMilliseconds: 200), .restart(afterMilliseconds: 400),
                .restart(afterMilliseconds: 800), .restart(afterMilliseconds: 1_600), .giveUp,
            ])
    }

    @Test(
        "is given up only when five deaths lie within the same minute",
        arguments: [(59_999, true), (60_000, false)])
    func window(last: Int64, isGivenUp: Bool) {
        var policy = RestartPolicy()
        for time in [0, 10_000, 20_000, 30_000] as [Int64] { _ = policy.died(at: time) }
        let verdict = policy.died(at: last)
        #expect((verdict == .giveUp) == isGivenUp)
    }

    @Test("may die once a minute for ever, always with the shortest pause")
    func rare() {
        var policy = RestartPolicy()
        let verdicts = (0..<100).map { policy.died(at: Int64($0) * 60_000) }
        #expect(verdicts.allSatisfy { $0 == .restart(afterMilliseconds: 200) })
    }
}

@Suite("Lines for a person")
struct LineBudgetTests {
    @Test("are so many a second; the others are counted once, in the next second")
    func budget() {
        var budget = LineBudget(perSecond: 2)
        let shown = [0, 1, 2, 999].map { budget.takes(at: $0) }
        #expect(shown == [true, true, false, false])
        let hidden = [999, 1_000, 1_000].map { budget.takeHidden(at: $0) }
        #expect(hidden == [0, 2, 0])
        let next = budget.takes(at: 1_000)
        #expect(next)
    }
}

@Suite("Ports")
struct PortPlanTests {
    @Test("are all different and lie within the width of a stack")
    func different() {
        let plan = PortPlan(base: 17_000)
        #expect(Set(plan.all).count == plan.all.count)
        #expect(plan.all.allSatisfy { (17_000..<17_000 + PortPlan.width).contains($0) })
    }

    @Test("are the first ones that are all free")
    func free() {
        #expect(PortPlan.firstFree({ $0 != 17_005 })?.base == 17_000 + PortPlan.width)
        #expect(PortPlan.firstFree({ _ in true })?.base == 17_000)
        // Another stack is about to take the first.
        let second = PortPlan.firstFree(
            { _ in true }, holding: { $0 != PortPlan(base: 17_000).gate })
        #expect(second?.base == 17_000 + PortPlan.width)
        #expect(PortPlan.firstFree({ _ in false }) == nil)
    }
}

@Suite("stack.env")
struct StackEnvironmentTests {
    @Test(
        "reads back what it wrote",
        arguments: ["plain", "", "with blank", "it's", "a=b", "$HOME", "\"x\"", "/a/b.c:1@2,3"])
    func roundTrip(value: String) {
        var environment = StackEnvironment()
        environment["A"] = value
        environment["B"] = "1"
        #expect(StackEnvironment(text: environment.text) == environment)
    }

    @Test("quotes only what a shell would read otherwise")
    func quotes() {
        var environment = StackEnvironment()
        environment["PORT"] = "17000"
        environment["NAME"] = "it's me"
        #expect(environment.text == "PORT=17000\nNAME='it'\\''s me'\n")
    }

    @Test("passes over comments and lines that say nothing")
    func comments() {
        let environment = StackEnvironment(text: "# A=1\n\nnothing\n=x\nB=2\nB=3\n")
        #expect(environment.dictionary == ["B": "3"])
    }

    @Test("keeps its secrets, and gives every part an address")
    func complete() {
        var environment = StackEnvironment()
        environment.complete(PortPlan(base: 18_000), operatorToken: nil)
        let first = environment
        environment.complete(PortPlan(base: 18_000), operatorToken: nil)
        #expect(environment == first)
        #expect(environment["REDIS_PASSWORD"]?.count == 32)
        #expect(environment["REDIS_PASSWORD"] != environment["POSTGRES_PASSWORD"])
        #expect(environment["CDB_WRITER_PORT"] == "18005")
        environment.complete(PortPlan(base: 19_000), operatorToken: "mine")
        #expect(environment["CDB_OPERATOR_TOKEN"] == "mine")
        #expect(environment["REDIS_PORT"] == "19000")
    }

    @Test("holds over the environment, secrets in files included")
    func over() {
        var environment = StackEnvironment()
        environment.complete(PortPlan(base: 18_000), operatorToken: "token")
        let merged = environment.over([
            "REDIS_HOST": "elsewhere", "REDIS_PASSWORD_FILE": "/secret", "REDIS_SOCKET": "/s",
            "MAX_POSITION_PCT": "0.2",
        ])
        #expect(merged["REDIS_HOST"] == "127.0.0.1")
        #expect(merged["REDIS_PASSWORD_FILE"] == nil)
        #expect(merged["REDIS_SOCKET"] == nil)
        #expect(merged["MAX_POSITION_PCT"] == "0.2")
    }
}

@Suite("A stream of bytes")
struct LineSplitterTests {
    private func lines(_ pieces: [String], limit: Int = 10) -> [LineSplitter.Line] {
        var splitter = LineSplitter(limit: limit)
        var lines: [LineSplitter.Line] = []
        for piece in pieces { splitter.take(Array(piece.utf8)) { lines.append($0) } }
        splitter.end { lines.append($0) }
        return lines
    }

    @Test(
        "is cut into lines",
        arguments: [
            ("", [LineSplitter.Line]()),
            ("a\nb\n", [.complete([97]), .complete([98])]),
            ("a\r\n\nb", [.complete([97]), .complete([]), .complete([98])]),
            ("0123456789\n", [.complete(Array("0123456789".utf8))]),
            ("0123456789x\nb", [.tooLong, .complete([98])]),
            ("0123456789x", [.tooLong]),
        ])
    func cut(text: String, expected: [LineSplitter.Line]) {
        #expect(lines([text]) == expected)
        #expect(lines(text.map(String.init)) == expected)
    }
}
