/// The version of this build, as `/health`, `cdb_build_info` and `cdb --version` tell it.
public enum BuildVersion {
    public static let text = "0.1.0"
}
