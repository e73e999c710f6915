/// Why a command did not do what it was asked.
enum CommandFailure: Error, Equatable {
    /// Exit code 2, with a pointer to the command's help.
    case wrongUse(String)
    /// Exit code 1.
    case failed(String)

    var exitCode: Int32 {
        switch self {
        case .wrongUse: 2
        case .failed: 1
        }
    }

    var message: String {
        switch self {
        case .wrongUse(let message), .failed(let message): message
        }
    }
}
