import CoreModels
import Glibc
import MarketFiles
import MarketSources
import ServiceKit
import SimulatedExchange
import WebTransport
import WireFormats

/// The simulated exchange on a port: all on the thread that calls `run`.
final class Simulator: WebSocketServerHandler {
    /// How often time passes for the exchange, in milliseconds: at most so many pushes a second
    /// and stream.
    private static let step: Int64 = 5

    private let server: WebSocketServer
    private let clock: MarketClock
    private let log = Logger(service: MEXCSim.name)
    private var exchange: SimulatedExchange
    /// Answers held back: when they go out, in milliseconds of wall time.
    private var late: [(due: Int64, number: Int, response: HTTPResponse)] = []
    private var isRefusing = false

    init(_ options: SimulatorOptions) throws {
        let faults = try options.faultScript.map(FaultScript.read) ?? []
        let start: Int64
        if options.files.isEmpty {
            start = options.start ?? SystemClock.now().milliseconds
            let origin = Timestamp(milliseconds: options.origin ?? start)
            clock = MarketClock(start: start, speed: options.speed)
            exchange = try SimulatedExchange(
                prices: SeededPrices(
                    seed: options.seed, origin: origin, contracts: options.contracts),
                seed: options.seed, start: origin, at: Moment(market: start, wall: 0))
        } else {
            let prices = try RecordedPrices { () throws(MarketFileError) in
                try Self.merge(options.files)
            }
            let first = prices.span.lowerBound
            start = max(options.start ?? first.milliseconds, first.milliseconds)
            clock = MarketClock(start: start, speed: options.speed)
            exchange = try SimulatedExchange(
                prices: prices, seed: options.seed, start: first,
                at: Moment(market: start, wall: 0))
        }
        for fault in faults { exchange.order(fault) }
        server = try WebSocketServer(
            host: options.host, port: options.port, webSocketPaths: ["/edge"])
        server.handler = self
    }

    private static func merge(_ paths: [String]) throws(MarketFileError) -> MarketMerge {
        var streams: [ObservationStream] = []
        for path in paths {
            let file = try MarketFile(name: path, source: try StoredFileSource.open(path))
            streams.append(try ObservationStream(file, candles: .path))
        }
        return try MarketMerge(streams)
    }

    /// Serves until a stop is asked for.
    func run(until stop: StopSignal) throws {
        log.info(
            "listening", "the simulated exchange is open",
            [
                .init("rest", .text("http://127.0.0.1:\(server.port)")),
                .init("ws", .text("ws://127.0.0.1:\(server.port)/edge")),
                .init("port", .integer(Int64(server.port))),
                .init("market_time", .integer(clock.now.market)),
            ])
        while !stop.isRequested {
            server.service(milliseconds: Self.step)
            try exchange.step(to: clock.now)
            flush()
            try openOrRefuse()
        }
        server.stop()
        log.info("stopped", "the simulated exchange is closed")
    }

    /// Does what the exchange wants done, and sends answers whose time has come.
    private func flush() {
        for output in exchange.takeOutputs() {
            switch output {
            case .text(let bytes, let connection): server.send(bytes, to: connection)
            case .compressed(let bytes, let connection):
                server.send(Gzip.compress(bytes), isBinary: true, to: connection)
            case .halfFrame(let bytes, let connection):
                server.sendHalfFrame(of: bytes, to: connection)
            case .cut(let connection): server.abort(connection)
            }
        }
        guard !late.isEmpty else { return }
        let wall = clock.now.wall
        for answer in late where answer.due <= wall {
            server.answer(answer.response, to: answer.number)
        }
        late.removeAll { $0.due <= wall }
    }

    private func openOrRefuse() throws(WebTransportError) {
        guard exchange.refusesConnections != isRefusing else { return }
        isRefusing.toggle()
        if isRefusing { server.refuseConnections() } else { try server.acceptConnections() }
    }

    // MARK: What the server tells

    func answer(_ request: HTTPRequest, number: Int) -> HTTPResponse? {
        let answer = exchange.answer(request)
        guard answer.delay > 0 else { return answer.response }
        late.append((clock.now.wall + answer.delay, number, answer.response))
        return nil
    }

    func opened(_ connection: Int, path: String) {
        exchange.connected(connection)
        flush()
    }

    func received(_ message: [UInt8], isBinary: Bool, from connection: Int) {
        exchange.received(message, from: connection)
        flush()
    }

    func closed(_ connection: Int) { exchange.disconnected(connection) }
}
