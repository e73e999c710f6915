import CoreModels
public import DecisionCores

/// Many files as one market: by time, then symbol, then the files' order, then the rows' order.
/// Holds one price per file beside the files' own look-ahead.
public struct MarketMerge {
    private struct Head {
        var observation: Observation
        var stream: Int

        func comesBefore(_ other: Head) -> Bool {
            if observation.comesBefore(other.observation) { return true }
            if other.observation.comesBefore(observation) { return false }
            return stream < other.stream
        }
    }

    private var streams: [ObservationStream]
    /// A binary heap, the next price first.
    private var heads: [Head] = []

    public init(_ streams: [ObservationStream]) throws(MarketFileError) {
        self.streams = streams
        for stream in streams.indices {
            guard let first = try self.streams[stream].next() else { continue }
            heads.append(Head(observation: first, stream: stream))
        }
        for place in heads.indices.reversed() { sink(place) }
    }

    /// Prices into `chunk`, which is emptied first, at most `limit`; false when there are no more.
    public mutating func next(
        into chunk: inout [Observation], upTo limit: Int
    ) throws(MarketFileError) -> Bool {
        chunk.removeAll(keepingCapacity: true)
        if streams.count == 1 {
            if let head = heads.popLast() { chunk.append(head.observation) }
            try streams[0].take(into: &chunk, upTo: limit)
        } else {
            while chunk.count < limit, let observation = try next() { chunk.append(observation) }
        }
        return !chunk.isEmpty
    }

    public mutating func next() throws(MarketFileError) -> Observation? {
        guard let head = heads.first else { return nil }
        if let following = try streams[head.stream].next() {
            heads[0].observation = following
        } else {
            heads[0] = heads[heads.count - 1]
            heads.removeLast()
        }
        sink(0)
        return head.observation
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in (2 * place + 1)...(2 * place + 2)
            where child < heads.count && heads[child].comesBefore(heads[least]) {
                least = child
            }
            if least == place { return }
            heads.swapAt(place, least)
            place = least
        }
    }

    /// The files as far as they are read.
    public var files: [MarketFile] { streams.map(\.file) }
    /// Rows read so far, over all files, those held back counted among them.
    public var rowsRead: Int { streams.reduce(0) { $0 + $1.file.rowsRead } }
    public var bytesTaken: Int64 { streams.reduce(0) { $0 + $1.file.bytesTaken } }
    public var bytesTotal: Int64 { streams.reduce(0) { $0 + $1.file.bytesTotal } }
}
