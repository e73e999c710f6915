import Glibc
import ServiceKit

/// The simulated exchange as a program.
@main
enum MEXCSim {
    static let name = "mexc_sim"

    static func main() { exit(run(Array(CommandLine.arguments.dropFirst()))) }

    private static func run(_ words: [String]) -> Int32 {
        do {
            guard let options = try SimulatorOptions(words) else {
                print(SimulatorOptions.help)
                return 0
            }
            let stop = try StopSignal.install()
            let simulator = try Simulator(options)
            try simulator.run(until: stop)
            return 0
        } catch let error as SimulatorOptions.WrongUse {
            complain("\(error)\n\n\(SimulatorOptions.help)")
            return 2
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private static func complain(_ text: String) {
        let line = Array("\(name): \(text)\n".utf8)
        // Where nobody reads the errors there is nobody left to tell.
        _ = write(STDERR_FILENO, line, line.count)
    }
}
