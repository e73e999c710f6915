public import CoreModels

/// The handles of one metric by a symbol's number (`SymbolIndex`): an array in the place of a
/// look-up with a lock. Owned by one thread.
///
///     var received = SymbolHandles { family.with($0, "cdb_ws") }
///     received[number, symbol].increment()
@frozen
public struct SymbolHandles<Handle: Sendable>: Sendable {
    @usableFromInline var handles: [Handle?] = []
    @usableFromInline let make: @Sendable (String) -> Handle

    @inlinable
    public init(_ make: @escaping @Sendable (_ symbol: String) -> Handle) { self.make = make }

    @inlinable
    public subscript(number: Int, symbol: @autoclosure () -> Symbol) -> Handle {
        mutating get {
            if number < handles.count, let handle = handles[number] { return handle }
            if number >= handles.count {
                handles.append(
                    contentsOf: repeatElement(nil, count: number + 1 - handles.count))
            }
            let handle = make(symbol().description)
            handles[number] = handle
            return handle
        }
    }
}
