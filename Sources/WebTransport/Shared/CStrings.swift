import Glibc

/// Texts for a C library that keeps pointers to them: they live as long as this.
final class CStrings: Sendable {
    private let storage: [UInt]

    init(_ texts: [String?]) {
        storage = texts.map { text in UInt(bitPattern: text.flatMap { strdup($0) }) }
    }

    deinit {
        for address in storage { free(UnsafeMutablePointer<CChar>(bitPattern: address)) }
    }

    subscript(_ index: Int) -> UnsafePointer<CChar>? {
        UnsafePointer(bitPattern: storage[index])
    }
}
