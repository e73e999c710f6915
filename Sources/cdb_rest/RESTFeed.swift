import Glibc
import Services

@main
enum RESTFeed {
    static func main() { exit(ServiceMain.feed(.rest)) }
}
