/// Shows the last line that a program said.
final class CopyProgress {
    private var line: ProgressLine

    init(_ console: Console) { line = ProgressLine(console) }

    func show(_ text: String) { line.show(text) }

    func end() { line.end() }
}
