import Glibc
import Services

@main
enum Writer {
    static func main() { exit(ServiceMain.writer()) }
}
