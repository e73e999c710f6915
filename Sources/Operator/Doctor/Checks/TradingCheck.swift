import CoreModels

/// Whether it trades. A halt is no fault of the stack; it is told all the same.
struct TradingCheck: Check {
    let risk: ProgramAnswer
    let words: RemedyWords

    var findings: [Finding] {
        guard let state = risk.status["trading"]["state"].text else { return [] }
        let reason = risk.status["trading"]["reason"].text.map { " (\($0))" } ?? ""
        let remedy =
            switch state {
            case "HALTED":
                "docs/OPERATIONS.md, Trading is HALTED; then "
                    + words.cdb("release --reason TEXT")
            case "PAUSED": "it ends by itself: docs/OPERATIONS.md, Trading is PAUSED"
            default: nil as String?
            }
        return [.ok(.services, "trading", state + reason, remedy: remedy)]
    }
}
