import ServiceKit

/// How far long work is: one line that changes on a terminal, a plain line now and then elsewhere.
struct ProgressLine {
    private static let terminalInterval: Int64 = 200
    private static let plainInterval: Int64 = 5_000
    private static let width = 30

    private let console: Console
    private let isTerminal: Bool
    private var shownAt: Int64
    private var isOpen = false

    /// Progress goes to standard error, so that it never mixes with a report.
    init(_ console: Console) {
        self.console = console
        isTerminal = console.errorIsTerminal
        shownAt = SystemClock.monotonicMilliseconds
    }

    /// Shows `text`, if it is time for it; `share` (per mille) draws a bar before it.
    mutating func show(_ text: String, share: Int? = nil) {
        let now = SystemClock.monotonicMilliseconds
        let interval = isTerminal ? Self.terminalInterval : Self.plainInterval
        guard now - shownAt >= interval else { return }
        shownAt = now
        let line = share.map { Self.bar($0) + " " + text } ?? text
        if isTerminal {
            isOpen = true
            console.complain("\r\u{1B}[K" + line, lineFeed: false)
        } else {
            console.complain(line)
        }
    }

    /// Clears the line for what comes.
    mutating func end() {
        if isOpen { console.complain("\r\u{1B}[K", lineFeed: false) }
        isOpen = false
    }

    static func bar(_ thousandths: Int) -> String {
        let done = min(max(thousandths, 0), 1000)
        let filled = done * width / 1000
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: "-", count: width - filled) + "] \(done / 10) %"
    }
}
