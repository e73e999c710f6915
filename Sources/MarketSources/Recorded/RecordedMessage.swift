public import CoreModels

/// One market_data as it was published, and when it was received.
public struct RecordedMessage: Equatable, Sendable {
    public var data: MarketData
    /// The recorder's clock.
    public var receivedAt: Timestamp

    public init(_ data: MarketData, receivedAt: Timestamp) {
        self.data = data
        self.receivedAt = receivedAt
    }
}

extension RecordedMessage {
    /// The first line of a recording, without its line feed.
    public static let header = Column.allCases.map(\.name).joined(separator: ",")

    /// What a row holds, in this order: an absent value is an empty field, numbers are exact.
    enum Column: Int, CaseIterable {
        case received, feed, sequence, symbol, timestamp, price, bid, ask, volume, volume24h
        case pctChange, interval, source

        /// In the header.
        var name: String {
            switch self {
            case .received: "received_ms"
            case .feed: "feed"
            case .sequence: "seq"
            case .symbol: "symbol"
            case .timestamp: "timestamp_ms"
            case .price: "price"
            case .bid: "bid"
            case .ask: "ask"
            case .volume: "volume"
            case .volume24h: "volume_24h"
            case .pctChange: "pct_change"
            case .interval: "interval"
            case .source: "source"
            }
        }
    }

    /// Appends one row with its line feed.
    public func append(to bytes: inout [UInt8]) {
        for column in Column.allCases {
            if column != .received { bytes.append(UInt8(ascii: ",")) }
            append(column, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private func append(_ column: Column, to bytes: inout [UInt8]) {
        switch column {
        case .received: Self.append(receivedAt.milliseconds, to: &bytes)
        case .feed: RecordedText.append(data.reference?.feed ?? "", to: &bytes)
        case .sequence: Self.append(data.reference?.sequence, to: &bytes)
        case .symbol: data.symbol.append(to: &bytes)
        case .timestamp: Self.append(data.timestamp.milliseconds, to: &bytes)
        case .price: DecimalText.append(data.price.raw, to: &bytes)
        case .bid: Self.append(data.bid, to: &bytes)
        case .ask: Self.append(data.ask, to: &bytes)
        case .volume: DecimalText.append(data.volume.raw, to: &bytes)
        case .volume24h: Self.append(data.volume24h, to: &bytes)
        case .pctChange: DecimalText.append(data.pctChange.raw, to: &bytes)
        case .interval: RecordedText.append(data.interval, to: &bytes)
        case .source: bytes += Array(data.source.rawValue.utf8)
        }
    }

    private static func append<Unit>(_ number: Fixed<Unit>?, to bytes: inout [UInt8]) {
        if let number { DecimalText.append(number.raw, to: &bytes) }
    }

    private static func append(_ number: Int64?, to bytes: inout [UInt8]) {
        guard let number else { return }
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        DecimalText.appendInteger(number.magnitude, to: &bytes)
    }
}
