import CCrypto
public import MarketSources

/// SHA-256 over the bytes of the files as they are stored, in the order they are named, and the
/// candle mode: what a replay's feed is named by.
public enum FeedDigest {
    public static func of(
        _ paths: [String], candles mode: CandleMode
    ) throws(MarketFileError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else {
            throw .unreadable(file: paths.first ?? "", reason: "SHA-256: no memory")
        }
        defer { EVP_MD_CTX_free(context) }
        var isWell = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        var piece: [UInt8] = []
        for path in paths {
            let file = try StoredFile(path: path)
            while try file.read(into: &piece) {
                isWell = isWell && EVP_DigestUpdate(context, piece, piece.count) == 1
                piece.removeAll(keepingCapacity: true)
            }
        }
        let text = Array(mode.rawValue.utf8)
        isWell = isWell && EVP_DigestUpdate(context, text, text.count) == 1
        var digest = [UInt8](repeating: 0, count: 32)
        isWell = isWell && EVP_DigestFinal_ex(context, &digest, nil) == 1
        precondition(isWell, "OpenSSL refuses to compute a SHA-256")
        return digest
    }
}
