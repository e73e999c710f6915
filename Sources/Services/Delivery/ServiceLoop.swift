import CoreModels
import EventSchema
import Ledger
import RedisBus
import ServiceKit

/// The one thread of a service: wait, take all that is ready, decide, commit, publish.
///
/// Whatever breaks the Postgres session leads to `discardSession`, and a start is the same path: take
/// the lock, load the state, go on. Under load a turn takes more and commits once; nothing is handled
/// that was not committed before it is published.
final class ServiceLoop<Work: ServiceWork> {
    /// Market messages one turn takes at the most.
    static var marketBatch: Int { 2048 }
    /// Ledger rows of a stream one turn takes at the most. A fill's account may be 10 KB, and what one
    /// commit sends stays allocated in libpq.
    static var ledgerBatch: Int { 512 }
    /// The mail is looked for at least this often, bell or not.
    static var ledgerInterval: Int64 { 1000 }
    /// Quiet market data and events that nobody waits for are committed at least this often.
    static var quietCommitInterval: Int64 { 1000 }
    /// Windows are written this often when live; a replay writes them with every commit.
    static var windowInterval: Int64 { 10_000 }
    static var healthInterval: Int64 { 5000 }
    static var distrustInterval: Int64 { 60_000 }

    let settings: ServiceSettings
    let makeWork: () -> Work
    let logger: Logger
    let metrics: ServiceMetrics
    let board: StatusBoard
    let stop: StopSignal
    let commands: CommandMailbox

    var work: Work
    let subscriber: RedisSubscriber
    let publisher: RedisPublisher
    /// Nil while there is no session: then nothing is decided.
    var session: Session?
    var connection: ConnectionState

    // The turn in hand.
    var events: [Event] = []
    var deadLetters: [DeadLetter] = []
    var changedSinceCommit = false
    var rowsHandled = false
    var bellRang: Bool {
        get { bellAt != nil }
        set { bellAt = newValue ? bellAt ?? SystemClock.monotonicMilliseconds : nil }
    }
    /// When the first bell rang that was not answered yet.
    var bellAt: Int64? = 0
    /// A row was taken from the bus and not handled yet.
    var mailCame = false
    /// After a message that the ledger did not hold, rows are taken from the ledger alone for a while.
    var trustsBusFrom: Int64 = 0
    /// The last wait saw letters in the mailbox.
    var commandsWait = true
    /// Something is ready that no descriptor tells of.
    var moreWaits = false

    // Market data.
    var feeds = FeedTracker()
    var lockStep: LockStep?
    var decoder = MarketDataDecoder()
    /// When one came last, monotonic milliseconds.
    var lastMarketData: Int64?
    var marketDataCame = false
    /// Highest timestamp of the feed: `now` of the market clock.
    var marketNow = Timestamp(milliseconds: 0)

    // Own channels.
    var own: [Channel: OwnMessages] = [:]
    var lastForeignAlert: [Channel: Int64] = [:]

    // Times on the monotonic clock, ms.
    var lastTick: Int64 = 0
    var lastFetch: Int64 = 0
    /// When a message of a decision channel came last.
    var lastBell: Int64 = 0
    /// How long the turn took that fetched last.
    var lastWork: Int64 = 0
    var lastCommit: Int64 = 0
    var lastWindows: Int64 = 0
    var lastLag: Int64 = 0
    /// Committed events not handled yet, per consumed stream, as measured last.
    var lags: [CoreModels.Stream: Int64] = [:]
    var lastHealth: Int64 = 0
    var lastBoard: Int64 = -1000
    var lastHealthState: Health?
    /// Session, Redis and work were all there at the last look.
    var wasWhole = false
    /// Something was committed that the board does not show yet.
    var boardIsOld = false
    /// Nor the metrics.
    var metricsAreOld = false
    var oldestUncommitted: Int64?
    var deferredWindows: Set<String> = []
    /// Operator's commands that were answered before they were durable.
    var standingCommands: [Fact] = []
    /// Commands handled and not committed yet, in order.
    var pendingCommands: [PendingCommand] = []
    var lastReport: ProgressBell?

    init(
        settings: ServiceSettings, logger: Logger, metrics: ServiceMetrics, board: StatusBoard,
        stop: StopSignal, commands: CommandMailbox, work makeWork: @escaping () -> Work
    ) {
        self.settings = settings
        self.makeWork = makeWork
        self.logger = logger
        self.metrics = metrics
        self.board = board
        self.stop = stop
        self.commands = commands
        work = makeWork()
        subscriber = RedisSubscriber(
            settings: settings.redis, channels: Self.channels.map(\.rawValue))
        publisher = RedisPublisher(settings: settings.redis)
        connection = ConnectionState(
            startupTimeout: settings.startupTimeout, now: SystemClock.monotonicMilliseconds)
    }

    /// Runs until it is told to stop (0) or cannot go on (1).
    func run() -> Int32 {
        do {
            while true {
                let stopping = stop.isRequested
                let monotonic = SystemClock.monotonicMilliseconds
                try keepConnections(monotonic)
                if !stopping { wait(monotonic) }
                do {
                    try turn(SystemClock.monotonicMilliseconds, last: stopping)
                } catch let error as PostgresError {
                    discardSession(error)
                }
                report(SystemClock.monotonicMilliseconds)
                if stopping {
                    close()
                    return 0
                }
            }
        } catch {
            logger.error("cannot_go_on", "\(error)")
            close()
            return 1
        }
    }

    /// One turn: all that is ready, handled, committed, published.
    private func turn(_ monotonic: Int64, last: Bool) throws {
        takeCommands()
        receive(monotonic)
        guard session != nil else { return answerCommandsWithoutSession() }
        if lockStep == nil {
            tick(monotonic)
            try handleLedger(monotonic)
            if commitIsDue(monotonic) || last { try commit(monotonic) }
        } else {
            tick(monotonic)
            try advanceReplay(monotonic, last: last)
        }
        ringProgress()
        publisher.flush()
        try measureLag(monotonic)
        if lastFetch == monotonic { lastWork = SystemClock.monotonicMilliseconds - monotonic }
    }

    /// Wall clock only: a second has passed.
    private func tick(_ monotonic: Int64) {
        guard !settings.marketClock, monotonic - lastTick >= 1000 else { return }
        lastTick = monotonic
        handle(.clock)
    }

    /// What time it is for a decision.
    var now: Timestamp { settings.marketClock ? marketNow : SystemClock.now() }

    func handle(_ fact: Fact) {
        work.fact(fact, at: now, into: &events)
        changedSinceCommit = true
    }

    private func wait(_ monotonic: Int64) {
        var entries = [
            PollEntry(stop.fileDescriptor, .readable),
            PollEntry(commands.fileDescriptor, .readable),
            subscriber.pollEntry, publisher.pollEntry,
        ]
        Poller.wait(on: &entries, milliseconds: timeout(monotonic))
        commandsWait = entries[1].isReadable
    }

    /// Until the next thing that is due by itself.
    private func timeout(_ monotonic: Int64) -> Int64 {
        if moreWaits { return 0 }
        var due = min(
            lastHealth + Self.healthInterval, subscriber.nextDeadline, publisher.nextDeadline)
        if session == nil {
            due = min(due, connection.nextAttempt)
        } else {
            if !Work.consumed.isEmpty {
                due = min(due, nextFetch)
            }
            if !settings.marketClock { due = min(due, lastTick + 1000) }
            if let oldest = oldestUncommitted { due = min(due, oldest + Self.lazyCommitDelay) }
            if metricsAreOld { due = min(due, lastCommit + Self.metricsDelay) }
            if boardIsOld { due = min(due, lastBoard + Self.boardInterval) }
            if changedSinceCommit { due = min(due, lastCommit + Self.quietCommitInterval) }
        }
        return max(0, due - monotonic)
    }

    private func close() {
        publisher.flush(within: 1000)
        session?.store.close()
        session = nil
        logger.info("stopped", "all that was in hand is committed and published")
    }
}
