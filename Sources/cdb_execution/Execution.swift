import Glibc
import Services

@main
enum Execution {
    static func main() { exit(ServiceMain.execution()) }
}
