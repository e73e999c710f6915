import Testing

@testable import Services

@Suite("when a service tries again, and when it gives up")
struct ConnectionStateTests {
    @Test("a start that finds no Postgres gives up after its time, naming the reason")
    func startGivesUp() throws {
        var state = ConnectionState(startupTimeout: 5000, now: 0)
        try state.failed("refused", 4999)
        #expect(state.failure == "refused")
        #expect(throws: ServiceError.self) { try state.failed("refused", 5000) }
    }

    @Test("once it was there, Postgres is waited for as long as it takes, with growing pauses")
    func laterWaits() throws {
        var state = ConnectionState(startupTimeout: 5000, now: 0)
        state.opened()
        var pauses: [Int64] = []
        var now: Int64 = 1_000_000
        for _ in 0..<7 {
            try state.failed("down", now)
            pauses.append(state.nextAttempt - now)
            now = state.nextAttempt
        }
        #expect(pauses == [200, 400, 800, 1600, 3200, 5000, 5000])
    }

    @Test("sessions that fail before their first commit are opened in growing pauses")
    func noHotLoop() {
        var state = ConnectionState(startupTimeout: 5000, now: 0)
        state.opened()
        state.lost("commit refused", 1000)
        #expect(state.nextAttempt == 1200)
        state.opened()
        state.lost("commit refused", 1200)
        #expect(state.nextAttempt == 1600)
        state.opened()
        state.committed()
        state.lost("cut", 2000)
        #expect(state.nextAttempt == 2000)
    }

    @Test("a lock that another copy holds ends the service after its time, also later than a start")
    func lockGivesUp() throws {
        var state = ConnectionState(startupTimeout: 5000, now: 0)
        state.opened()
        try state.locked(by: "cdb_risk (process 7)", 100_000)
        try state.locked(by: "cdb_risk (process 7)", 104_999)
        #expect(throws: ServiceError.self) {
            try state.locked(by: "cdb_risk (process 7)", 105_000)
        }
    }

    @Test("Redis is awaited at a start only")
    func redisAtStart() throws {
        var state = ConnectionState(startupTimeout: 5000, now: 0)
        try state.redis(isConnected: false, "refused", 4999)
        #expect(throws: ServiceError.self) {
            try state.redis(isConnected: false, "refused", 5000)
        }
        try state.redis(isConnected: true, "", 5000)
        try state.redis(isConnected: false, "refused", 999_999)
    }
}
