import CoreModels
import EventSchema
import Ledger
import WireFormats

/// `cdb why ID`: the causal chain in words and numbers.
enum WhyCommand: OperatorCommand {
    static let syntax = CommandSyntax(
        "why", "tells what led to a signal, order, trade or position, and what came of it",
        operands: [.init("ID")], options: [StackAddress.option],
        details: """
            ID is that of any event (signals-7, risk_decisions-9, orders-5, order_results-5, …), a
            client_id (cdb-5), a trade (as in the table trades), or a symbol, which means its newest
            trade. The ledger tells: which market data led to the signal, what each layer of the
            risk engine measured and allowed, what was ordered, and how it was filled. --json
            prints the events of the chain.
            """)

    static func run(_ arguments: Arguments, _ context: Context) throws -> Report {
        let id = arguments.operands[0]
        let stack = try StackAddress.find(arguments, context)
        return try stack.withDatabase { connection in
            let reader = try LedgerReader(connection)
            let key = orderID(ofClient: id) ?? id
            if let chain = try LedgerChain.of(key, reader) { return try report([chain], nil) }
            if let trade = try TradeStory(id, reader) {
                return try report(
                    try trade.orders.compactMap { try LedgerChain.of($0, reader) }, trade)
            }
            throw CommandFailure.failed(
                "\(id) is unknown here: it is no event of the ledger, no trade, and no symbol that "
                    + "was traded")
        }
    }

    /// `cdb-5` is the client id of `orders-5`.
    private static func orderID(ofClient id: String) -> String? {
        guard id.hasPrefix("cdb-"), let number = Int64(id.dropFirst(4)) else { return nil }
        return CoreModels.Stream.orders.id(number)
    }

    private static func report(_ chains: [LedgerChain], _ trade: TradeStory?) throws -> Report {
        var seen: Set<String> = []
        let events = chains.flatMap(\.events).filter { seen.insert($0.envelope.id).inserted }
        let values = try events.map { try JSONDocument.parse(EventCodec.encode($0)) }
        return Report(
            (trade?.lines ?? []) + events.flatMap { EventWords($0).lines },
            [.init("trade", trade?.value ?? .null), .init("events", .list(values))])
    }
}
