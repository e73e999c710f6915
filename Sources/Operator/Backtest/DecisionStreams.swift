import CoreModels
import EventSchema
import Ledger
import WireFormats

/// The four decision streams of a backtest, byte for byte as the ledger of a replay holds them:
/// hashed, and written to files where that is wished.
final class DecisionStreams {
    /// In the order the fingerprint takes them.
    static let all: [CoreModels.Stream] = [.signals, .riskDecisions, .orders, .orderResults]

    private var heads: [CoreModels.Stream: StreamHead] = [:]
    private let digest = SHA256Digest()
    private let orderDigest = SHA256Digest()
    private let files: [CoreModels.Stream: OutputFile]
    private var line: [UInt8] = []

    /// - Parameter directory: gets `signals.jsonl` and so on; nil writes nothing.
    init(directory: String?) throws(CommandFailure) {
        var files: [CoreModels.Stream: OutputFile] = [:]
        if let directory {
            for stream in Self.all {
                files[stream] = try OutputFile("\(directory)/\(stream.rawValue).jsonl")
            }
        }
        self.files = files
    }

    func take(_ events: [Event]) throws(CommandFailure) {
        for event in events {
            let stream = event.stream
            guard Self.all.contains(stream) else { continue }
            line.removeAll(keepingCapacity: true)
            EventCodec.encode(event, to: &line)
            heads[stream] = heads[stream, default: .none].next(stream, line, digest)
            line.append(UInt8(ascii: "\n"))
            if stream == .orders { orderDigest.update(line) }
            try files[stream]?.write(line)
        }
    }

    func close() throws(CommandFailure) {
        for stream in Self.all { try files[stream]?.close() }
    }

    /// SHA-256 of `orders.jsonl`, hexadecimal.
    func finishOrders() -> String { Hexadecimal.text(orderDigest.finish()) }

    /// As the summary of `cdb up` shows it after a replay of the same files: SHA-256 over the chain
    /// heads of the four streams; nil before the first signal.
    var fingerprint: String? {
        let hashes = Self.all.compactMap { heads[$0]?.hash }
        return hashes.isEmpty ? nil : Hexadecimal.text(SHA256Digest.hash(hashes.flatMap { $0 }))
    }
}
