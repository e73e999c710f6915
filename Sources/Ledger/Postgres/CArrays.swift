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
    // One block holds them all, each followed by a zero byte, so that even an empty one has an
    // address: libpq takes a null pointer for SQL's NULL.
    var block: [UInt8] = []
    block.reserveCapacity(binaries.reduce(1) { $0 + ($1?.count ?? 0) + 1 })
    var offsets: [Int?] = []
    for binary in binaries {
        offsets.append(binary == nil ? nil : block.count)
        block.append(contentsOf: binary ?? [])
        block.append(0)
    }
    block.append(0)
    let lengths = binaries.map { Int32($0?.count ?? 0) } + [0]
    let formats = [Int32](repeating: 1, count: binaries.count + 1)
    return block.withUnsafeBytes { bytes in
        let pointers =
            offsets.map { offset in
                offset.flatMap {
                    bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self)
                }
            } + [nil]
        return pointers.withUnsafeBufferPointer { values in
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
