public import CoreModels

/// One row per change of a parameter, seen at a service's start. Operational, not from the ledger.
public struct StrategyParametersTable: Sendable {
    private var service = SQLColumn(.text)
    private var name = SQLColumn(.text)
    private var value = SQLColumn(.text)
    private var source = SQLColumn(.text)
    private var validFrom = SQLColumn(.time)

    public init() {}

    /// - Parameter source: where the value comes from: `environment` or `default`.
    public mutating func append(
        service: String, name: String, value: String, source: String, validFrom: Timestamp
    ) {
        self.service.append(service)
        self.name.append(name)
        self.value.append(value)
        self.source.append(source)
        self.validFrom.append(validFrom)
    }

    /// For `CommitBatch.calls`; nil without rows. A value that the newest row has already is no
    /// change and is not written.
    public var call: SQLCall? {
        guard service.count > 0 else { return nil }
        return Self.insert(
            .column(service), .column(name), .column(value), .column(source), .column(validFrom))
    }

    private static let insert = SQLStatement(
        "strategy_params_insert",
        """
        INSERT INTO strategy_params (service, name, value, source, valid_from)
        SELECT r.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
            AS r(service, name, value, source, valid_from)
        WHERE r.value IS DISTINCT FROM (SELECT p.value FROM strategy_params p
            WHERE p.service = r.service AND p.name = r.name ORDER BY p.valid_from DESC LIMIT 1)
        ON CONFLICT DO NOTHING
        """)
}
