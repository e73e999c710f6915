import CoreModels
import ServiceKit
import Synchronization
import WebTransport
import WireFormats

/// An exchange on a port of its own that says what a test wants it to say. It answers pings, and
/// REST from what it was given; all else is the test's.
final class ScriptedExchange: Sendable {
    private struct Script {
        var replies: [String: HTTPResponse] = [:]
        var connections: [Int] = []
        var heard: [String] = []
        var asked: [String] = []
        var actions: [@Sendable (WebSocketServer) -> Void] = []
        /// How far its clock is ahead of ours, in milliseconds.
        var clock: Int64 = 0
        var isStopped = false
    }

    let port: UInt16
    private let script = Mutex(Script())
    private let thread = Mutex<ServiceThread?>(nil)

    init(port: UInt16) {
        self.port = port
        list(["BTC_USDT", "ETH_USDT"])
        tickers([])
        candles([])
        reply("/api/v1/contract/funding_rate", envelope("[]"))
    }

    /// Begins to listen, with a certificate over TLS; the script so far is kept.
    func start(_ certificate: ServerCertificate? = nil) throws {
        script.withLock {
            $0.isStopped = false
            $0.connections = []
            $0.heard = []
        }
        let port = port
        let listening = Monitor<String?>(nil)
        let thread = try ServiceThread("exchange") { [self] in
            do {
                let server = try WebSocketServer(
                    port: port, webSocketPaths: ["/edge"], certificate: certificate)
                listening.update { $0 = "" }
                serve(server)
            } catch {
                listening.update { $0 = "\(error)" }
            }
        }
        self.thread.withLock { $0 = thread }
        let failure = listening.wait(milliseconds: 10_000) { $0 } ?? "the exchange does not start"
        guard failure.isEmpty else { throw Stack.NotSeen(description: failure) }
    }

    /// Cuts all connections and frees the port.
    func stop() {
        script.withLock { $0.isStopped = true }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    private func serve(_ server: WebSocketServer) {
        let desk = Desk(self, server)
        server.handler = desk
        while !script.withLock({ $0.isStopped }) {
            server.service(milliseconds: 5)
            let actions = script.withLock { script in
                defer { script.actions = [] }
                return script.actions
            }
            for action in actions { action(server) }
        }
        server.stop()
    }

    // MARK: What it says

    func say(_ text: String) {
        act { server, connection in server.send(Array(text.utf8), to: connection) }
    }
    func sayBinary(_ bytes: [UInt8]) {
        act { server, connection in server.send(bytes, isBinary: true, to: connection) }
    }
    func sayHalf(_ text: String) {
        act { server, connection in server.sendHalfFrame(of: Array(text.utf8), to: connection) }
    }
    func cut() { act { server, connection in server.abort(connection) } }

    private func act(_ body: @escaping @Sendable (WebSocketServer, Int) -> Void) {
        script.withLock { script in
            let connections = script.connections
            script.actions.append { server in
                for connection in connections { body(server, connection) }
            }
        }
    }

    func reply(_ path: String, _ text: String, status: HTTPStatus = .ok) {
        script.withLock {
            $0.replies[path] = HTTPResponse(
                status, contentType: "application/json", body: Array(text.utf8))
        }
    }

    func clock(ahead milliseconds: Int64) { script.withLock { $0.clock = milliseconds } }

    // MARK: What it was told

    var connections: Int { script.withLock { $0.connections.count } }
    func wasTold(_ text: String) -> Bool { count(text) > 0 }
    func count(_ text: String) -> Int { script.withLock { $0.heard.count { $0.contains(text) } } }
    func timesAsked(_ path: String) -> Int {
        script.withLock { $0.asked.count { $0.hasPrefix(path) } }
    }

    var now: Int64 { SystemClock.now().milliseconds + script.withLock { $0.clock } }

    /// The handler, on the server's thread.
    private final class Desk: WebSocketServerHandler {
        private let exchange: ScriptedExchange
        private weak var server: WebSocketServer?

        init(_ exchange: ScriptedExchange, _ server: WebSocketServer) {
            self.exchange = exchange
            self.server = server
        }

        func answer(_ request: HTTPRequest, number: Int) -> HTTPResponse? {
            let now = exchange.now
            return exchange.script.withLock { script in
                script.asked.append(request.path)
                if request.path == "/api/v1/contract/ping", script.replies[request.path] == nil {
                    return HTTPResponse(
                        contentType: "application/json",
                        body: Array(#"{"success":true,"code":0,"data":\#(now)}"#.utf8))
                }
                let kline = "/api/v1/contract/kline"
                let path = request.path.hasPrefix(kline) ? kline : request.path
                return script.replies[path] ?? .problem(.notFound, "nothing at \(path)")
            }
        }

        func opened(_ connection: Int, path: String) {
            exchange.script.withLock { $0.connections.append(connection) }
        }

        func received(_ message: [UInt8], isBinary: Bool, from connection: Int) {
            let text = String(decoding: message, as: UTF8.self)
            exchange.script.withLock { $0.heard.append(text) }
            if text.contains(#""ping""#) {
                let now = exchange.now
                let pong = #"{"channel":"pong","data":\#(now),"ts":\#(now)}"#
                server?.send(Array(pong.utf8), to: connection)
            }
        }

        func closed(_ connection: Int) {
            exchange.script.withLock { $0.connections.removeAll { $0 == connection } }
        }
    }
}

// MARK: - Its words

extension ScriptedExchange {
    /// The contracts of `/contract/detail`, 0.001 base units each.
    func list(_ symbols: [String]) {
        let contracts = symbols.map { symbol in
            let base = symbol.split(separator: "_")[0]
            return """
                {"symbol":"\(symbol)","baseCoin":"\(base)","quoteCoin":"USDT","settleCoin":"USDT",\
                "contractSize":0.001,"priceUnit":0.1,"state":0,"isHidden":false,"futureType":1,\
                "type":1,"conceptPlate":[]}
                """
        }
        reply("/api/v1/contract/detail", envelope("[\(contracts.joined(separator: ","))]"))
    }

    /// Rows of symbol, price and turnover of 24 h, said now.
    func tickers(_ rows: [(symbol: String, price: String, turnover: String)]) {
        reply("/api/v1/contract/ticker", envelope("[\(Self.rows(rows, now, hasQuote: true))]"))
    }

    /// The same as a frame of the socket.
    func sayTickers(_ rows: [(symbol: String, price: String, turnover: String)]) {
        say(
            #"{"channel":"push.tickers","data":[\#(Self.rows(rows, now, hasQuote: false))],"#
                + #""ts":\#(now)}"#)
    }

    func sayBook(_ symbol: String, bid: String, ask: String, version: Int) {
        say(
            """
            {"symbol":"\(symbol)","data":{"cts":\(now),"asks":[[\(ask),100,1]],\
            "bids":[[\(bid),100,1]],"version":\(version)},"channel":"push.depth.full","ts":\(now)}
            """)
    }

    /// The book that `/contract/depth` answers.
    func book(_ symbol: String, bid: String, ask: String, version: Int) {
        reply(
            "/api/v1/contract/depth/\(symbol)",
            envelope(
                """
                {"asks":[[\(ask),100,1]],"bids":[[\(bid),100,1]],"version":\(version),\
                "cts":1,"timestamp":\(now)}
                """))
    }

    /// Closes of the last minutes, 100 USDT traded in each.
    func candles(_ closes: [String]) {
        let minute: Int64 = 60
        let last = now / 1000 / minute * minute
        let times = closes.indices.map { "\(last - Int64(closes.count - $0) * minute)" }
        func column(_ values: [String]) -> String { "[\(values.joined(separator: ","))]" }
        let ones = closes.map { _ in "1" }
        let hundreds = closes.map { _ in "100" }
        reply(
            "/api/v1/contract/kline",
            envelope(
                """
                {"time":\(column(times)),"open":\(column(closes)),"close":\(column(closes)),\
                "high":\(column(closes)),"low":\(column(closes)),"vol":\(column(ones)),\
                "amount":\(column(hundreds))}
                """))
    }

    private func envelope(_ data: String) -> String {
        #"{"success":true,"code":0,"data":\#(data)}"#
    }

    private static func rows(
        _ rows: [(symbol: String, price: String, turnover: String)], _ now: Int64, hasQuote: Bool
    ) -> String {
        rows.map { row in
            let quote = hasQuote ? #""bid1":\#(row.price),"ask1":\#(row.price)1,"# : ""
            return """
                {"symbol":"\(row.symbol)","lastPrice":\(row.price),"amount24":\(row.turnover),\
                \(quote)"volume24":1000,"timestamp":\(now)}
                """
        }.joined(separator: ",")
    }
}
