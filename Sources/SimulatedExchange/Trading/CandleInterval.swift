/// The lengths of candles that the exchange has; months count as 30 days.
enum CandleInterval: String, CaseIterable, Sendable {
    case minute1 = "Min1"
    case minute5 = "Min5"
    case minute15 = "Min15"
    case minute30 = "Min30"
    case minute60 = "Min60"
    case hour4 = "Hour4"
    case hour8 = "Hour8"
    case day1 = "Day1"
    case week1 = "Week1"
    case month1 = "Month1"

    var minutes: Int64 {
        switch self {
        case .minute1: 1
        case .minute5: 5
        case .minute15: 15
        case .minute30: 30
        case .minute60: 60
        case .hour4: 240
        case .hour8: 480
        case .day1: 1_440
        case .week1: 10_080
        case .month1: 43_200
        }
    }

    /// The first minute (since the epoch) of the window that a minute lies in. Weeks begin on
    /// Monday; the epoch was a Thursday.
    func start(of minute: Int64) -> Int64 {
        let shift: Int64 = self == .week1 ? 3 * 1_440 : 0
        return (minute + shift) / minutes * minutes - shift
    }
}
