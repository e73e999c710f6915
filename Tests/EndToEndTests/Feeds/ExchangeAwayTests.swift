import PrivateServers
import TestKit
import Testing

extension EndToEnd {
    @Suite("A machine without network") struct ExchangeAwayTests {
        @Test("cdb up --feed mexc says plainly what is missing, and the stack runs all the same")
        func away() throws {
            let directory = try TemporaryDirectory()
            let place = "127.0.0.1:\(try LoopbackPort.free())"
            let (status, output) = try Programs.run(
                "cdb", ["up", "--feed", "mexc", "--for", "1", "--dir", directory.file("stack")],
                environment: [
                    "PATH": "/usr/bin:/bin", "MEXC_WS_URL": "ws://\(place)/edge",
                    "MEXC_REST_URL": "http://\(place)",
                ])
            #expect(status == .exited(0), "\(output)")
            for feed in ["cdb_ws", "cdb_rest"] {
                #expect(
                    output.contains(
                        "\(feed): the exchange is unreachable (REFUSED): nobody can be reached at "
                            + place))
            }
            #expect(output.contains("the stack runs without the exchange, and trades once it is"))
            #expect(output.contains("--feed sim needs no network"))
            #expect(!output.contains("the stack is ready"))
            #expect(output.contains("stopping: the time is up"))
        }
    }
}
