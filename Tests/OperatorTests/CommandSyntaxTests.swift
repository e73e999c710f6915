import CoreModels
import MarketSources
import Testing

@testable import Operator

@Suite("The words of a command")
struct CommandSyntaxTests {
    private static let syntax = CommandSyntax(
        "play", "plays", operands: [.init("WHAT"), .init("WHERE", optional: true)],
        options: [
            Option("loud", .flag, "loudly", letter: "l"), Option("times", .value("N"), "how often"),
            Option("set", .repeated("KEY=VALUE"), "a variable"),
            Option("data", .list("FILE"), "files"),
        ])

    @Test(
        "are sorted into operands and options",
        arguments: [
            (["a"], Arguments(operands: ["a"])),
            (["a", "b"], Arguments(operands: ["a", "b"])),
            (["--loud", "a"], Arguments(operands: ["a"], options: ["loud": []])),
            (["-l", "a"], Arguments(operands: ["a"], options: ["loud": []])),
            (["a", "--times", "3"], Arguments(operands: ["a"], options: ["times": ["3"]])),
            (["a", "--times=3"], Arguments(operands: ["a"], options: ["times": ["3"]])),
            (["a", "--times", "-3"], Arguments(operands: ["a"], options: ["times": ["-3"]])),
            (
                ["a", "--set", "A=1", "--set", "B=2=3"],
                Arguments(operands: ["a"], options: ["set": ["A=1", "B=2=3"]])
            ),
            (
                ["a", "--data", "x", "y", "z", "--loud"],
                Arguments(operands: ["a"], options: ["data": ["x", "y", "z"], "loud": []])
            ),
            (["--json", "a"], Arguments(operands: ["a"], options: ["json": []])),
            (["--", "--loud"], Arguments(operands: ["--loud"])),
            (["-5"], Arguments(operands: ["-5"])),
            (["--help"], Arguments(wantsHelp: true)),
            (["-h", "--loud"], Arguments(options: ["loud": []], wantsHelp: true)),
        ])
    func sorted(words: [String], expected: Arguments) throws {
        #expect(try Self.syntax.parse(words) == expected)
    }

    @Test(
        "are refused with what is wrong",
        arguments: [
            ([], "WHAT is missing"),
            (["a", "b", "c"], "c is one word too many"),
            (["a", "--soft"], "--soft is no option of cdb play"),
            (["a", "--times"], "--times N: no value"),
            (["a", "--data"], "--data FILE…: no value"),
            (["a", "--times", "1", "--times", "2"], "--times stands twice"),
            (["a", "--loud=yes"], "--loud takes no value"),
        ])
    func refused(words: [String], message: String) {
        #expect(throws: CommandFailure.wrongUse(message)) { try Self.syntax.parse(words) }
    }

    @Test("make numbers, choices and pairs, or say what is wanted")
    func values() throws {
        var arguments = Arguments()
        arguments.options = [
            "times": ["7"], "speed": ["0.5"], "feed": ["replay"], "set": ["A=1", "A=2", "B="],
        ]
        #expect(try arguments.integer("times", in: 0...10) == 7)
        #expect(try arguments.integer("other", in: 0...10) == nil)
        #expect(try arguments.decimal("speed", in: .zero...Ratio(1)) == Ratio("0.5"))
        #expect(try arguments.choice("feed") == FeedChoice.Kind.replay)
        #expect(try arguments.pairs("set") == ["A": "2", "B": ""])
        #expect(
            throws: CommandFailure.wrongUse("--times 7: a whole number from 0 to 5 is wanted")
        ) { try arguments.integer("times", in: 0...5) }
        arguments.options = ["feed": ["film"], "set": ["novalue"], "speed": ["fast"]]
        #expect(
            throws: CommandFailure.wrongUse("--feed film: one of sim, replay, mexc, none is wanted")
        ) { try arguments.choice("feed", of: FeedChoice.Kind.self) }
        #expect(throws: CommandFailure.wrongUse("--set novalue: KEY=VALUE is wanted")) {
            try arguments.pairs("set")
        }
        #expect(
            throws: CommandFailure.wrongUse("--speed fast: a number from 0.0 to 1.0 is wanted")
        ) { try arguments.decimal("speed", in: .zero...Ratio(1)) }
    }

    @Test("every command's help names its usage, its options and --json")
    func help() {
        for command in Operator.commands {
            let help = command.syntax.help
            #expect(help.contains("usage: cdb \(command.syntax.name)"))
            for option in command.syntax.options { #expect(help.contains("  \(option.usage)  ")) }
            #expect(help.contains("--json"))
            #expect(Operator.overview.contains("  \(command.syntax.name) "))
        }
    }
}

@Suite("The choice of a market")
struct FeedChoiceTests {
    private func choice(_ words: [String]) throws -> FeedChoice {
        try UpOptions(UpCommand.syntax.parse(words)).feed
    }

    @Test("is the simulator in real time when nothing is said")
    func standard() throws {
        let choice = try choice([])
        #expect(choice.kind == .sim)
        #expect(choice.speed == Ratio(1))
        #expect(choice.seed == 1)
    }

    @Test("is a replay as fast as it goes when files are named")
    func files() throws {
        let choice = try choice(["--data", "a.csv", "b.csv.gz"])
        #expect(choice.kind == .replay)
        #expect(choice.paths == ["a.csv", "b.csv.gz"])
        #expect(choice.speed == .zero)
        #expect(choice.candles == .close)
    }

    @Test(
        "is refused when it makes no sense",
        arguments: [
            (["--feed", "replay"], "a replay needs files: --data FILE…"),
            (["--feed", "sim", "--data", "a"], "--data belongs to --feed replay"),
            (["--symbol", "?"], "--symbol ?: a pair like BTC_USDT is wanted"),
            (
                ["--candles", "both"], "--candles both: one of close, path is wanted"
            ),
        ])
    func refused(words: [String], message: String) {
        #expect(throws: CommandFailure.wrongUse(message)) { try choice(words) }
    }

    @Test("seconds of --for may have decimals")
    func duration() throws {
        let options = try UpOptions(UpCommand.syntax.parse(["--for", "1.5", "--feed", "none"]))
        #expect(options.milliseconds == 1500)
    }
}
