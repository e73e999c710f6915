import WireFormats

/// The fields of one event in the order they are written.
struct FieldTable<Field: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    let fields: [Field]
    let texts: [String]
    let names: JSONNames

    init(_ type: Field.Type = Field.self) {
        fields = Array(Field.allCases)
        texts = fields.map(\.rawValue)
        names = JSONNames(texts)
    }
}

/// A text that is expected again.
struct KnownText: Sendable {
    let text: String
    private let bytes: [UInt8]

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        bytes.withUnsafeBytes { $0.isEqual(to: other) }
    }
}

/// The values of an enumeration, known by their bytes.
struct ChoiceTable<Choice: RawRepresentable<String> & CaseIterable & Sendable>: Sendable {
    private let choices: [Choice]
    private let texts: [[UInt8]]

    init(_ type: Choice.Type = Choice.self) {
        choices = Array(Choice.allCases)
        texts = choices.map { Array($0.rawValue.utf8) }
    }

    func find(_ bytes: UnsafeRawBufferPointer) -> Choice? {
        for index in texts.indices {
            if texts[index].withUnsafeBytes({ $0.isEqual(to: bytes) }) { return choices[index] }
        }
        return nil
    }
}
