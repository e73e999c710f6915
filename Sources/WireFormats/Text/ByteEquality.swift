extension UnsafeRawBufferPointer {
    /// Whether both hold the same bytes; compared a word at a time.
    public func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index + 8 <= count {
            let ours = loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let theirs = other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard ours == theirs else { return false }
            index += 8
        }
        while index < count {
            guard self[index] == other[index] else { return false }
            index += 1
        }
        return true
    }
}
