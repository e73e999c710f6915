/// Misfortunes that can be had on demand; the raw values are their names on the control page.
public enum Fault: String, CaseIterable, Sendable {
    /// Half a frame, then silence; the connection is cut when the time is over.
    case halfFrame = "half_frame"
    /// Half a frame, then the connection is cut.
    case cutMidFrame = "cut_mid_frame"
    /// Pongs and acknowledgements go on, pushes do not.
    case stale
    /// Books carry versions lower than those before.
    case versionRegression = "version_regression"
    /// Every acknowledgement comes twice.
    case duplicateAcks = "duplicate_acks"
    /// Pongs come late, by `value` milliseconds.
    case slowPong = "slow_pong"
    /// Open connections are cut, new ones are cut at once.
    case refuseConnections = "refuse_connections"
    /// A frame that is no JSON.
    case wrongJSON = "wrong_json"
    /// A complaint about `symbol`, which is unknown meanwhile.
    case unknownContract = "unknown_contract"
    /// REST answers "too many requests" in the exchange's own way.
    case rest510 = "rest_510"
    case rest500 = "rest_500"
    /// REST answers late, by `value` milliseconds.
    case restSlow = "rest_slow"
    /// REST answers HTTP 429 with `Retry-After: value`.
    case rest429 = "rest_429"
    /// The exchange's clock is `value` milliseconds ahead.
    case clockSkew = "clock_skew"
    /// `push.deal` in its old shape: one object a frame.
    case dealObject = "deal_object"
    /// `push.deal` in its present shape: what there is without any fault.
    case dealArray = "deal_array"
    /// A push on a channel that nobody has heard of.
    case unknownChannel = "unknown_channel"
    /// The best bid of every book is above its best ask.
    case crossedBook = "crossed_book"
    /// Books have no asks.
    case oneSidedBook = "one_sided_book"
    /// The notice of an idle connection, and the close that follows it.
    case idleCloseNotice = "idle_close_notice"
    /// Pushes come as binary frames, compressed.
    case gzipFrames = "gzip_frames"
    /// A whole list of rows with a field that makes it `value` bytes long.
    case bigFrame = "big_frame"

    /// How long it lasts when nobody says so, in milliseconds of wall time; zero: it happens once.
    var usualDuration: Int64 {
        switch self {
        case .cutMidFrame, .wrongJSON, .unknownChannel, .idleCloseNotice, .bigFrame, .dealArray: 0
        case .halfFrame, .versionRegression, .refuseConnections, .crossedBook, .oneSidedBook: 1_000
        case .stale, .duplicateAcks, .slowPong, .unknownContract, .rest510, .rest500, .restSlow,
            .rest429, .clockSkew, .dealObject, .gzipFrames:
            5_000
        }
    }

    /// What `value` is when nobody says so.
    var usualValue: Int64 {
        switch self {
        case .slowPong: 5_000
        case .restSlow: 3_000
        case .rest429: 1
        case .clockSkew: 3_000
        case .bigFrame: 1_500_000
        case .versionRegression: 1_000
        case .halfFrame, .cutMidFrame, .stale, .duplicateAcks, .refuseConnections, .wrongJSON,
            .unknownContract, .rest510, .rest500, .dealObject, .dealArray, .unknownChannel,
            .crossedBook, .oneSidedBook, .idleCloseNotice, .gzipFrames:
            0
        }
    }
}
