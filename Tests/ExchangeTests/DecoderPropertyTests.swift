import CoreModels
import Exchange
import Testing

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("The decoder") struct DecoderPropertyTests {
    private static let frames = [
        #"{"channel":"push.tickers","data":[{"symbol":"AB_USDT","lastPrice":2.5E0,"#
            + #""timestamp":"3"},{}],"ts":4}"#,
        #"{"symbol":"AB_USDT","data":[{"p":1,"v":1,"T":1,"t":1}],"channel":"push.deal","ts":1}"#,
        #"{"symbol":"AB_USDT","data":{"cts":1,"asks":[[2,1,1]],"bids":[[1,1,1]],"version":1},"#
            + #""channel":"push.depth.full"}"#,
        #"{"symbol":"AB_USDT","data":{"t":60,"o":1,"c":1,"h":1,"l":1,"a":0},"#
            + #""channel":"push.kline"}"#,
        #"{"channel":"rs.error","data":"Contract [\u0041_USDT] not exists"}"#,
    ]
    private static let questions: [MarketQuestion] = [
        .serverTime, .instruments, .tickers, candleQuestion, .book(symbol("AB_USDT")),
        .fundingRates,
    ]
    private static let replies = [
        #"{"success":true,"code":0,"data":[{"symbol":"AB_USDT","contractSize":1,"priceUnit":1,"#
            + #""lastPrice":1,"timestamp":1}]}"#,
        #"{"success":true,"code":0,"data":{"time":[60],"open":[1],"close":[1],"high":[1],"#
            + #""low":[1],"amount":[0]}}"#,
        #"{"success":true,"code":0,"data":{"asks":[[2,1,1]],"bids":[[1,1,1]],"version":1,"#
            + #""timestamp":1,"symbol":"AB_USDT","fundingRate":1,"nextSettleTime":1}}"#,
        #"{"success":false,"code":510,"message":"slow down"}"#,
    ]

    @Test("refuses every frame that is cut short", arguments: frames)
    func cutFrames(frame: String) {
        let bytes = Array(frame.utf8)
        for count in 0..<bytes.count {
            #expect(decode(Array(bytes[..<count])).reason == .malformed, "\(count) bytes")
        }
    }

    @Test("refuses every reply that is cut short", arguments: replies)
    func cutReplies(reply: String) {
        let bytes = Array(reply.utf8)
        for question in Self.questions {
            for count in 0..<bytes.count {
                #expect(decode(Array(bytes[..<count]), to: question).reason == .malformed)
            }
        }
    }

    @Test("survives whatever bytes come, and says the same of the same", arguments: 1...8)
    func anything(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let alphabet = Array(#"{}[]":,0123456789.eE-+ truefalsnu\_AB"#.utf8)
        for _ in 0..<2_000 {
            var bytes: [UInt8]
            let shape = Int.random(in: 0..<3, using: &random)
            if shape == 0 {
                bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else if shape == 1 {
                bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            } else {
                let all = Self.frames + Self.replies
                bytes = Array(all[Int.random(in: 0..<all.count, using: &random)].utf8)
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            }
            #expect(decode(bytes) == decode(bytes))
            for question in Self.questions {
                #expect(decode(bytes, to: question) == decode(bytes, to: question))
            }
        }
    }
}
