import Glibc
import Services

@main
enum WebSocketFeed {
    static func main() { exit(ServiceMain.feed(.webSocket)) }
}
