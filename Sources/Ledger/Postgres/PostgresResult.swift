import CPostgres

/// The rows one statement gave, in binary form. Frees them when it goes.
public final class PostgresResult {
    private let result: OpaquePointer

    init(owning result: OpaquePointer) { self.result = result }

    deinit { PQclear(result) }

    public var rowCount: Int { Int(PQntuples(result)) }

    public func isNull(_ row: Int, _ column: Int) -> Bool {
        PQgetisnull(result, Int32(row), Int32(column)) != 0
    }

    /// The bytes of a field; empty when it is null.
    public func bytes(_ row: Int, _ column: Int) -> [UInt8] {
        withBytes(row, column) { Array($0) }
    }

    public func text(_ row: Int, _ column: Int) -> String {
        withBytes(row, column) { String(decoding: $0, as: UTF8.self) }
    }

    /// Of a column of type bigint.
    public func integer(_ row: Int, _ column: Int) -> Int64 {
        withBytes(row, column) { bytes in
            precondition(bytes.count == 8, "a bigint was expected in column \(column)")
            return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        }
    }

    public func flag(_ row: Int, _ column: Int) -> Bool {
        withBytes(row, column) { $0.first == 1 }
    }

    private func withBytes<Answer>(
        _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) -> Answer
    ) -> Answer {
        let length = Int(PQgetlength(result, Int32(row), Int32(column)))
        return body(
            UnsafeRawBufferPointer(
                start: PQgetvalue(result, Int32(row), Int32(column)), count: length))
    }
}
