import Glibc
import Operator

@main
enum CDB {
    static func main() {
        exit(Operator.run(Array(CommandLine.arguments.dropFirst())))
    }
}
