import CoreModels
import WireFormats

extension SimulatedExchange {
    /// A fault for now or, with a `start` after now, for then.
    public mutating func order(_ fault: FaultOrder) {
        var fault = fault
        if fault.start == 0 { fault.start = openFor }
        plan.add(fault)
    }

    /// What a fault does when it begins; those that last show wherever they are asked for.
    mutating func begin(_ order: FaultOrder) {
        switch order.fault {
        case .halfFrame, .cutMidFrame: breakFrames(order)
        case .refuseConnections:
            for session in sessions { cut(session.connection, order.fault) }
        case .wrongJSON:
            tellAll(order.fault, #"{"channel":"push.tickers","data":[{"symbol":"BTC_USDT","last"#)
        case .unknownContract:
            for session in sessions {
                plan.count(order.fault)
                send(
                    Frame.complaint("Contract [\(order.symbol)] not exists", time),
                    session.connection)
            }
        case .unknownChannel:
            tellAll(
                order.fault,
                #"{"channel":"push.liquidations","data":{"side":1,"rows":[]},"ts":\#(time)}"#)
        case .idleCloseNotice:
            for session in sessions {
                plan.count(order.fault)
                closeWithNotice(session.connection)
            }
        case .bigFrame:
            let frame = tickers(changedOnly: false, padding: Int(max(1, order.value)))
            for session in sessions {
                plan.count(order.fault)
                send(frame, session.connection)
            }
        case .stale, .versionRegression, .duplicateAcks, .slowPong, .rest510, .rest500, .restSlow,
            .rest429, .clockSkew, .dealObject, .dealArray, .crossedBook, .oneSidedBook,
            .gzipFrames:
            break
        }
    }

    private mutating func breakFrames(_ order: FaultOrder) {
        let frame = tickers(changedOnly: false)
        for place in sessions.indices.reversed() where !sessions[place].isStuck {
            let connection = sessions[place].connection
            plan.count(order.fault)
            emit(.halfFrame(frame, to: connection))
            sessions[place].isStuck = true
            if order.fault == .cutMidFrame {
                emit(.cut(connection))
                disconnected(connection)
            } else if order.duration > 0 {
                emit(.cut(connection), after: order.duration)
            }
        }
    }

    private mutating func cut(_ connection: Int, _ fault: Fault) {
        plan.count(fault)
        emit(.cut(connection))
        disconnected(connection)
    }

    private mutating func tellAll(_ fault: Fault, _ text: String) {
        for session in sessions {
            plan.count(fault)
            send(Array(text.utf8), session.connection)
        }
    }

    /// The pages that steer the simulator, which the real exchange has not.
    mutating func control(_ request: HTTPRequest) -> HTTPResponse {
        switch (request.method, request.path) {
        case ("GET", "/sim/status"): return .json(status)
        case ("GET", "/sim/faults"): return .json(plan.page(at: openFor))
        case ("POST", "/sim/faults"):
            do throws(FaultOrder.Refusal) {
                order(try FaultOrder(json: request.body))
                return .json(.object([.init("accepted", .flag(true))]), .accepted)
            } catch {
                return .problem(.badRequest, error.description)
            }
        default: return .problem(.notFound, "there are /sim/status and /sim/faults")
        }
    }

    private var status: Value {
        let topics = streams.map { stream -> Value in
            .object([
                .init("channel", .text(stream.topic.channel)),
                .init(
                    "symbol",
                    stream.contract < 0 ? .null : .text(markets[stream.contract].contract.name)),
                .init("listeners", .integer(Int64(stream.listeners.count))),
            ])
        }
        return .object([
            .init("market_time", .integer(now.market)), .init("open_ms", .integer(openFor)),
            .init("ended", .flag(hasEnded)), .init("contracts", .integer(Int64(markets.count))),
            .init("connections", .integer(Int64(sessions.count))),
            .init("pushes", .integer(pushes)), .init("subscriptions", .list(topics)),
        ])
    }
}
