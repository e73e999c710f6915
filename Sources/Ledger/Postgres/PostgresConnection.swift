import CPostgres
import Glibc

/// One session with Postgres, used by one thread. Every wait has a deadline: a server that hangs is
/// a lost session. After an error other than `sqlState` the session is closed for good.
public final class PostgresConnection {
    public let settings: PostgresSettings
    /// Nil once the session is over.
    private var connection: OpaquePointer?
    /// Names of the statements this session has prepared.
    private var prepared: Set<String> = []

    public var isOpen: Bool { connection != nil }

    /// Connects. Only the lookup of a host name may take longer than `connectTimeout`.
    public init(_ settings: PostgresSettings) throws(PostgresError) {
        self.settings = settings
        let keywords = settings.keywords
        connection = withCStrings(keywords.map(\.name)) { names in
            withCStrings(keywords.map(\.value)) { values in PQconnectStartParams(names, values, 0) }
        }
        guard connection != nil else { throw .refused("out of memory") }
        try finishConnecting(Deadline(milliseconds: settings.connectTimeout))
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
        PQsetnonblocking(connection, 1)
    }

    deinit { close() }

    /// Ends the session; locks it held are free.
    public func close() {
        if let connection { PQfinish(connection) }
        connection = nil
    }

    private func finishConnecting(_ deadline: Deadline) throws(PostgresError) {
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            let events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
            guard PQstatus(connection) != CONNECTION_BAD, state != PGRES_POLLING_FAILED else {
                throw refusal(text: message)
            }
            guard wait(for: Int16(events), until: deadline) else {
                let text = "no answer from \(settings.host):\(settings.port) in time"
                close()
                throw .refused(text)
            }
            state = PQconnectPoll(connection)
        }
    }

    private func refusal(text: String) -> PostgresError {
        close()
        let isLogin = ["authentication", "password", "role \""].contains { text.contains($0) }
        return isLogin ? .authentication(text) : .refused(text)
    }

    // MARK: Statements

    /// Runs statements in one round trip and, unless a transaction was opened with `execute`, as
    /// one transaction: all or nothing. Results are in the order of the calls.
    ///
    /// - Throws: `sqlState` when the server refused one (then none had an effect);
    ///   `connectionLost` when the session broke: whether they had an effect is not known.
    @discardableResult
    public func run(
        _ calls: [SQLCall], timeout: Int64? = nil
    ) throws(PostgresError) -> [PostgresResult] {
        try requireOpen()
        guard PQenterPipelineMode(connection) == 1 else { throw lost() }
        var preparing: [String?] = []
        for call in calls { try send(call, noting: &preparing) }
        guard PQpipelineSync(connection) == 1 else { throw lost() }
        let deadline = Deadline(milliseconds: timeout ?? settings.answerTimeout)
        let (results, refusal) = try collect(preparing, deadline)
        guard PQexitPipelineMode(connection) == 1 else { throw lost() }
        if let refusal { throw refusal }
        return results
    }

    public func run(_ call: SQLCall) throws(PostgresError) -> PostgresResult {
        try run([call])[0]
    }

    private func send(
        _ call: SQLCall, noting preparing: inout [String?]
    ) throws(PostgresError) {
        let name = call.statement.name
        if !prepared.contains(name), !preparing.contains(name) {
            guard PQsendPrepare(connection, name, call.statement.text, 0, nil) == 1 else {
                throw lost()
            }
            preparing.append(name)
        }
        preparing.append(nil)
        guard withBinaries(call.parameters.map(\.binary), sendPrepared(name)) == 1 else {
            throw lost()
        }
    }

    private func sendPrepared(
        _ name: String
    ) -> (Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>)
        -> Int32
    {
        { [connection] count, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        }
    }

    /// The results of the statements sent (nil in `commands`) up to the pipeline's end, or the
    /// first refusal; `commands` names the statements that were prepared on the way.
    private func collect(
        _ commands: [String?], _ deadline: Deadline
    ) throws(PostgresError) -> ([PostgresResult], PostgresError?) {
        var results: [PostgresResult] = []
        var refusal: PostgresError?
        var index = 0
        while true {
            guard let result = try nextResult(deadline) else {
                index += 1
                guard index <= commands.count else { throw lost() }
                continue
            }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                PQclear(result)
                return (results, refusal)
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                let owned = PostgresResult(owning: result)
                if index < commands.count, let name = commands[index] {
                    prepared.insert(name)
                } else {
                    results.append(owned)
                }
            case PGRES_PIPELINE_ABORTED: PQclear(result)
            default:
                let failure = error(of: result)
                PQclear(result)
                if case .connectionLost(let text) = failure { throw lost(text) }
                refusal = refusal ?? failure
            }
        }
    }

    /// Runs a script of statements without binds: migrations, transaction borders.
    public func execute(_ script: String, timeout: Int64? = nil) throws(PostgresError) {
        try requireOpen()
        guard PQsendQuery(connection, script) == 1 else { throw lost() }
        let deadline = Deadline(milliseconds: timeout ?? settings.answerTimeout)
        var refusal: PostgresError?
        while let result = try nextResult(deadline) {
            let status = PQresultStatus(result)
            let isFine = [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY].contains(status)
            if !isFine { refusal = refusal ?? error(of: result) }
            PQclear(result)
        }
        if case .connectionLost(let text) = refusal { throw lost(text) }
        if let refusal { throw refusal }
    }

    // MARK: Waiting

    private func nextResult(_ deadline: Deadline) throws(PostgresError) -> OpaquePointer? {
        while true {
            let flushed = PQflush(connection)
            guard flushed >= 0 else { throw lost() }
            if PQisBusy(connection) == 0 { return PQgetResult(connection) }
            let events = POLLIN | (flushed == 1 ? POLLOUT : 0)
            guard wait(for: Int16(events), until: deadline) else {
                throw lost("no answer in time")
            }
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
    }

    /// False when the deadline has passed.
    private func wait(for events: Int16, until deadline: Deadline) -> Bool {
        var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
        while true {
            let remaining = deadline.remaining
            let ready = poll(&descriptor, 1, remaining)
            if ready > 0 { return true }
            if ready == 0, remaining == 0 || deadline.remaining == 0 { return false }
            if ready < 0, errno != EINTR { return false }
        }
    }

    // MARK: Errors

    private func requireOpen() throws(PostgresError) {
        guard connection != nil else { throw .connectionLost("the session is closed") }
    }

    private var message: String {
        oneLine(PQerrorMessage(connection).map { String(cString: $0) } ?? "")
    }

    private func lost(_ text: String? = nil) -> PostgresError {
        let text = text ?? message
        close()
        return .connectionLost(text)
    }

    private func error(of result: OpaquePointer) -> PostgresError {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { oneLine(String(cString: $0)) }
        }
        let text = field("M") ?? message
        guard let code = field("C"), PQstatus(connection) == CONNECTION_OK else {
            return .connectionLost(text)
        }
        // 57P01…57P03: the session was ended from outside.
        if code.hasPrefix("57P") || code.hasPrefix("08") { return .connectionLost(text) }
        if code == "23505", field("t") == "ledger" { return .ownershipLost(text) }
        return .sqlState(code: code, message: text)
    }

    private func oneLine(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: "; ")
    }
}
