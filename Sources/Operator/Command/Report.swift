import CoreModels
import WireFormats

/// What a command found out: lines for people, the same as a value for machines.
struct Report: Equatable {
    var lines: [String]
    var members: [Value.Member]
    var exitCode: Int32

    init(_ lines: [String], _ members: [Value.Member] = [], exitCode: Int32 = 0) {
        self.lines = lines
        self.members = members
        self.exitCode = exitCode
    }

    /// Nothing to add to what was printed on the way.
    static let silent = Report([])

    func text(json: Bool) -> String {
        json && !members.isEmpty
            ? String(decoding: JSONWriter.bytes(.object(members)), as: UTF8.self) + "\n"
            : lines.map { $0 + "\n" }.joined()
    }
}
