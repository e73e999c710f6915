import CoreModels
import Testing

@Suite("A symbol from memory") struct SymbolBytesTests {
    @Test("is what the same text gives", arguments: 0..<100)
    func agreesWithText(seed: Int) {
        var random = SplitMix(UInt64(seed))
        let alphabet = Array("ABTCUSD019__abz-".utf8)
        for _ in 0..<50 {
            var bytes = (0..<Int.random(in: 0..<36, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if Bool.random(using: &random) { bytes += "_USDT".utf8 }
            let expected = Symbol(String(decoding: bytes, as: UTF8.self))
            let symbol = bytes.withUnsafeBytes { Symbol(buffer: $0) }
            #expect(symbol == expected, "seed \(seed): \(bytes)")
            guard let symbol else { continue }
            let written = [UInt8](unsafeUninitializedCapacity: Symbol.maximumLength) {
                if let target = $0.baseAddress { $1 = symbol.write(to: target) }
            }
            #expect(written == Array(symbol.description.utf8), "seed \(seed)")
        }
    }
}
