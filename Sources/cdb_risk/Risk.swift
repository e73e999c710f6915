import Glibc
import Services

@main
enum Risk {
    static func main() { exit(ServiceMain.risk()) }
}
