import CoreModels
import Exchange

let ab = symbol("AB_USDT")
let cd = symbol("CD_USDT")

func book(_ symbol: Symbol) -> ExchangeFact {
    .book(Book(symbol: symbol, timestamp: at(0), version: 1, bids: [], asks: []))
}

let tickers = ExchangeFact.tickers(
    [Ticker(symbol: ab, timestamp: at(0), lastPrice: number("1"))], unreadable: 0)

/// A session and what it wanted, by the millisecond.
struct Story {
    var session: FeedSession
    var now: Int64 = 0
    /// All outputs with the time they came at.
    var outputs: [(time: Int64, output: FeedSession.Output)] = []

    init(seed: UInt64 = 1, limits: FeedLimits = FeedLimits()) {
        session = FeedSession(seed: seed, limits: limits)
    }

    @discardableResult
    mutating func tell(_ input: FeedSession.Input) -> [FeedSession.Output] {
        let new = session.handle(input, now: now)
        outputs += new.map { (now, $0) }
        return new
    }

    /// Lets time pass from deadline to deadline; `facts` come every `step` ms.
    mutating func pass(
        _ milliseconds: Int64, every step: Int64? = nil, _ facts: [ExchangeFact] = []
    ) {
        let end = now + milliseconds
        var fed = step.map { now + $0 } ?? .max
        while true {
            let due = min(session.nextDeadline(now: now), fed)
            if due > end { break }
            now = due
            if due == fed, let step {
                for fact in facts { tell(.received(fact)) }
                fed += step
            } else {
                tell(.clock)
            }
        }
        now = end
    }

    mutating func connect() {
        tell(.clock)
        tell(.opened)
    }

    func times(_ output: FeedSession.Output) -> [Int64] {
        outputs.filter { $0.output == output }.map(\.time)
    }

    func count(_ kind: String) -> Int {
        outputs.count { if case .note(let note) = $0.output { note.kind == kind } else { false } }
    }

    var sent: [FeedRequest] {
        outputs.compactMap { if case .send(let request) = $0.output { request } else { nil } }
    }
}
