/// Whose signature makes a server's certificate good. Certificate and host name are always checked;
/// there is no switch to leave it out.
public enum CertificateTrust: Equatable, Sendable {
    /// The authorities that the system trusts (Debian: package `ca-certificates`).
    case system
    /// Only the authorities of this PEM file: private exchanges and tests.
    case file(String)
}
