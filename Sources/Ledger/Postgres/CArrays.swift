import Glibc

/// Lends texts as a null-terminated array of C strings.
func withCStrings<Answer>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Answer
) -> Answer {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array has no address") }
        return body(base)
    }
}

/// Lends binary parameters in the form libpq takes them: count, values, lengths, formats (all 1).
func withBinaries<Answer>(
    _ binaries: [[UInt8]?],
    _ body: (
        Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>
    ) -> Answer
) -> Answer {
    // One more of each, so that an array without values has an address too.
    let lengths = binaries.map { Int32($0?.count ?? 0) } + [0]
    let formats = [Int32](repeating: 1, count: binaries.count + 1)
    return withAddresses(of: binaries[...], after: []) { addresses in
        (addresses + [nil]).withUnsafeBufferPointer { values in
            lengths.withUnsafeBufferPointer { lengths in
                formats.withUnsafeBufferPointer { formats in
                    guard let values = values.baseAddress, let lengths = lengths.baseAddress,
                        let formats = formats.baseAddress
                    else { preconditionFailure("an array has no address") }
                    return body(Int32(binaries.count), values, lengths, formats)
                }
            }
        }
    }
}

/// Lends the addresses of all, without copying a payload of megabytes.
private func withAddresses<Answer>(
    of binaries: ArraySlice<[UInt8]?>, after addresses: [UnsafePointer<CChar>?],
    _ body: ([UnsafePointer<CChar>?]) -> Answer
) -> Answer {
    guard let binary = binaries.first else { return body(addresses) }
    let rest = binaries.dropFirst()
    guard let binary else { return withAddresses(of: rest, after: addresses + [nil], body) }
    // Even an empty one has an address: libpq takes a null pointer for SQL's NULL.
    return (binary.isEmpty ? [0] : binary).withUnsafeBytes { bytes in
        let address = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        return withAddresses(of: rest, after: addresses + [address], body)
    }
}
