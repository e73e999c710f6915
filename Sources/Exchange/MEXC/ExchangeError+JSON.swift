import WireFormats

extension ExchangeError {
    /// What a JSON reader's error says of a frame.
    init(_ error: JSONError, field: String) {
        switch error.reason {
        case .tooLarge, .tooDeep, .notUTF8, .unfinished, .unexpected, .badEscape, .duplicateName:
            self.init(.malformed, "\(error)")
        case .notANumber, .overflow, .wrongType, .nulCharacter:
            self.init(.invalidField, "\(field): \(error)")
        }
    }
}
