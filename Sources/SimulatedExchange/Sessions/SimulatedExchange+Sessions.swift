import CoreModels

extension SimulatedExchange {
    public mutating func connected(_ connection: Int) {
        if plan.strike(.refuseConnections) != nil {
            emit(.cut(connection))
        } else {
            sessions.append(Session(connection: connection, lastPing: now.wall))
        }
    }

    /// Also when the exchange itself has ended it.
    public mutating func disconnected(_ connection: Int) {
        sessions.removeAll { $0.connection == connection }
        for place in streams.indices {
            streams[place].listeners.removeAll { $0 == connection }
            streams[place].newcomers.removeAll { $0 == connection }
        }
        streams.removeAll { $0.listeners.isEmpty }
    }

    /// A text from a client.
    public mutating func received(_ bytes: [UInt8], from connection: Int) {
        guard let place = sessions.firstIndex(where: { $0.connection == connection }) else {
            return
        }
        switch ClientRequest(bytes) {
        case .ping:
            sessions[place].lastPing = now.wall
            if let slow = plan.strike(.slowPong) {
                emit(.text(Frame.pong(time), to: connection), after: slow.value)
            } else {
                send(Frame.pong(time), connection)
            }
        case .subscribe(let topic, let name): subscribe(connection, topic, name)
        case .unsubscribe(let channel, let name): unsubscribe(connection, channel, name)
        case .wrong(let text): send(Frame.complaint(text, time), connection)
        case .unknown: break
        }
    }

    private mutating func subscribe(_ connection: Int, _ topic: Topic, _ name: String?) {
        var contract = -1
        if topic.needsContract {
            // Without a contract's name the exchange drops the connection.
            guard let name else {
                emit(.cut(connection))
                disconnected(connection)
                return
            }
            guard let number = number(named: name) else {
                send(Frame.complaint("Contract [\(name)] not exists", time), connection)
                return
            }
            contract = number
        }
        acknowledge(connection, "sub.\(topic.channel)")
        join(connection, topic, contract)
    }

    private mutating func join(_ connection: Int, _ topic: Topic, _ contract: Int) {
        let known = streams.firstIndex { $0.topic == topic && $0.contract == contract }
        guard let known else {
            var stream = PushStream(
                topic: topic, contract: contract, listeners: [connection],
                newcomers: [connection], due: now.market)
            if contract >= 0 { stream.version = markets[contract].book.version }
            streams.append(stream)
            return
        }
        // The same subscription a second time does not double the stream.
        guard !streams[known].listeners.contains(connection) else { return }
        streams[known].listeners.append(connection)
        streams[known].newcomers.append(connection)
    }

    /// Ends every stream of that channel, whatever its limit or interval.
    private mutating func unsubscribe(_ connection: Int, _ channel: String, _ name: String?) {
        var number: Int?
        if let name { number = self.number(named: name) }
        for place in streams.indices
        where streams[place].topic.channel == channel
            && (!streams[place].topic.needsContract || streams[place].contract == number)
        {
            streams[place].listeners.removeAll { $0 == connection }
            streams[place].newcomers.removeAll { $0 == connection }
        }
        streams.removeAll { $0.listeners.isEmpty }
        acknowledge(connection, "unsub.\(channel)")
    }

    private mutating func acknowledge(_ connection: Int, _ channel: String) {
        let frame = Frame.acknowledgement(channel, time)
        send(frame, connection)
        if plan.strike(.duplicateAcks) != nil { send(frame, connection) }
    }

    /// The number of a contract by its name as it is written; nil for one that there is not.
    mutating func number(named name: String) -> Int? {
        if plan.strike(.unknownContract, name) != nil { return nil }
        guard let symbol = Symbol(name), symbol.description == name else { return nil }
        return index.find(symbol)
    }
}
