import Testing

/// The built executables as processes on a real Redis and a real Postgres. One test at a time: they
/// share the servers and break them.
@Suite("End to end", .serialized)
enum EndToEnd {}
