import CoreModels

extension Symbol {
    /// The part after the underscore: what prices, turnover and fees of this symbol are counted in.
    var quoteCurrency: String {
        let text = description
        guard let underscore = text.lastIndex(of: "_") else { return text }
        return String(text[text.index(after: underscore)...])
    }
}
