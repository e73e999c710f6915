extension FeedSession {
    /// When `Input.clock` has to come at the latest; not before `now`.
    public func nextDeadline(now: Int64) -> Int64 {
        let due: Int64
        switch phase {
        case .idle: due = now
        case .pausing(let until), .connecting(let until), .closing(let until, _, _): due = until
        case .open: due = connection.map(dueAt) ?? now
        }
        return max(due, now)
    }

    /// What was due before the last input has been done, or waits for a message and not for time.
    private func dueAt(_ connection: FeedConnection) -> Int64 {
        var due = connection.messageAt + limits.silence
        var others = [
            connection.silentSince + limits.dataSilence, connection.anchorDue(limits),
            max(connection.pingDue(limits), connection.window.freeAt),
        ]
        if let slow = connection.slowPongDue(limits) { others.append(slow) }
        if let tickers = tickersDue { others.append(tickers) }
        if let request = subscriptions.dueAt {
            others.append(max(request, connection.window.freeAt))
        }
        for other in others where other > self.now { due = min(due, other) }
        return due
    }

    public func status(now: Int64) -> FeedStatus {
        FeedStatus(
            isConnected: connection != nil,
            connectedFor: connection.map { now - $0.openedAt },
            reconnects: max(0, opened - 1),
            streams: subscriptions.entries.map { entry in
                FeedStatus.Stream(
                    request: entry.request, isConfirmed: entry.isConfirmed,
                    dataAge: entry.dataAt.map { now - $0 })
            },
            messageAge: connection.map { now - $0.messageAt },
            pingAge: connection?.pingAt.map { now - $0 },
            pongAge: connection?.pongAt.map { now - $0 },
            roundTrip: connection?.roundTrip)
    }
}
