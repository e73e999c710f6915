import CoreModels
import EventSchema
import Testing

@Suite("What the feeds say of their exchange") struct ExchangeReachTests {
    private func health(_ service: String, _ exchange: String?, _ code: String? = nil)
        -> HealthEvent
    {
        var detail: [Value.Member] = []
        if let exchange { detail.append(.init("exchange", .text(exchange))) }
        if let code { detail.append(.init("code", .text(code))) }
        return HealthEvent(
            service: service, status: .ok, version: "1", uptimeSeconds: 1,
            detail: .object(detail), timestamp: Timestamp(milliseconds: 1_767_225_600_123))
    }

    @Test("it is out of reach when no feed reaches it, and repeated news are told again")
    func feeds() {
        var reach = ExchangeReach()
        let down = Fact.exchange(reachable: false, code: "ETIMEDOUT")
        #expect(reach.heard(health("cdb_ws", "unreachable", "ETIMEDOUT")) == down)
        #expect(reach.heard(health("cdb_ws", "unreachable", "ETIMEDOUT")) == down)
        #expect(
            reach.heard(health("cdb_rest", "reachable")) == .exchange(reachable: true, code: nil))
        #expect(
            reach.heard(health("cdb_ws", "unreachable"))
                == .exchange(reachable: true, code: "UNREACHABLE"))
        #expect(
            reach.heard(health("cdb_rest", "unreachable", "429"))
                == .exchange(reachable: false, code: "429"))
        #expect(reach.heard(health("cdb_core", nil)) == nil)
    }
}
