import CCrypto

/// SHA-256 (FIPS 180-4), 32 bytes, through OpenSSL.
///
/// One instance hashes any number of messages one after the other and keeps its context; it belongs
/// to one thread.
public final class SHA256Digest {
    public static let length = 32

    private let context: OpaquePointer

    public init() {
        guard let context = EVP_MD_CTX_new() else {
            preconditionFailure("OpenSSL could not allocate a digest context")
        }
        self.context = context
        start()
    }

    deinit { EVP_MD_CTX_free(context) }

    private func start() {
        precondition(
            EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "OpenSSL has no SHA-256")
    }

    /// Adds bytes to the message under way.
    public func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Adds bytes to the message under way.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(
            EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "SHA-256 failed")
    }

    /// The 32 bytes of the message under way; the next `update` begins a new message.
    public func finish() -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: Self.length) { buffer, count in
            precondition(
                EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1, "SHA-256 failed")
            count = Self.length
        }
        start()
        return digest
    }

    /// The digest of one message.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        let digest = SHA256Digest()
        digest.update(bytes)
        return digest.finish()
    }
}
