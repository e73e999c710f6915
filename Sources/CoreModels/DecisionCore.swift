/// A pure state machine: facts in, numbered events out. It knows no socket, clock, random number or
/// format; equal facts at equal times give equal events. The same struct runs in the live service,
/// in a replay, in a backtest and under `cdb trace`.
public protocol DecisionCore: Sendable {
    /// Takes one fact. Deadlines that fell due before `now` are handled first, in time order.
    mutating func handle(_ fact: Fact, at now: Timestamp, into events: inout [Event])

    /// What a person sees under `/status` and what `cdb trace` prints for a `state` line.
    func status(at now: Timestamp) -> [Value.Member]

    /// The keys of the state that changed since the last call, sorted; then none.
    mutating func takeChangedKeys() -> [String]

    /// The state under a key as a value; nil when there is none (any more).
    func state(of key: String) -> Value?

    /// Puts back what `state(of:)` gave, into a fresh core. False when the value is not understood.
    mutating func restore(_ key: String, _ value: Value) -> Bool
}

/// Numbers the events of the streams one core owns: part of its state.
public struct StreamNumbers: Equatable, Sendable {
    /// The last sequence given per stream, in the order of their declaration.
    private var last = Stream.allCases.map { _ in Int64(0) }

    public init() {}

    /// The next number of a stream, with the id that goes with it.
    public mutating func next(
        _ stream: Stream, cause: String? = nil, trace: String? = nil
    ) -> Envelope {
        let sequence = last[stream.rank] + 1
        last[stream.rank] = sequence
        return Envelope(sequence: sequence, id: stream.id(sequence), cause: cause, trace: trace)
    }

    /// The last sequence given.
    public func head(_ stream: Stream) -> Int64 { last[stream.rank] }

    public mutating func restore(_ stream: Stream, head: Int64) { last[stream.rank] = head }
}
