import CFuzzer
import Glibc

/// `fuzz DECODER [libFuzzer's arguments]`: feeds one decoder with what libFuzzer thinks of.
@main
enum Main {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let decoder = Decoder(rawValue: arguments[1]) else {
            let names = Decoder.allCases.map(\.rawValue).joined(separator: " ")
            print("usage: fuzz DECODER [ARGUMENT…]\ndecoders: \(names)")
            exit(2)
        }
        // The decoder stands where libFuzzer expects the program's name.
        var count = CommandLine.argc - 1
        var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv + 1
        exit(LLVMFuzzerRunDriver(&count, &values, decoder.callback))
    }
}
