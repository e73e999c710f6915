import Glibc
import Services

@main
enum Core {
    static func main() { exit(ServiceMain.core()) }
}
