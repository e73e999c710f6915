import Glibc
import Operator
import Services

/// The operator's command; under a service's name it is that service.
@main
enum CDB {
    static func main() {
        let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init)
        if let status = name.flatMap(ServiceMain.run(named:)) { exit(status) }
        exit(Operator.run(Array(CommandLine.arguments.dropFirst())))
    }
}
