import Glibc
import ServiceKit
import Synchronization

/// Clients that misbehave towards one server, all on one thread that runs at the lowest priority.
final class AttackSwarm: Sendable {
    enum Behaviour: Sendable {
        /// Asks for `/metrics`, again and again.
        case hammer
        /// Sends a request one byte a second.
        case dribble
        /// Sends no HTTP; sends heads of 70 KB; goes away with a reset in mid-answer: by turns.
        case garbage
        /// Asks for many pages at once and reads none.
        case deaf
        /// Connects and says nothing.
        case idle
    }

    /// What has come of it so far.
    struct Counts {
        var connected = 0
        var answered = 0
        var refused = 0
        var closed = 0
    }

    private let connected = Atomic<Int>(0)
    private let answered = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let closed = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private let thread: Mutex<ServiceThread?> = Mutex(nil)

    /// Starts at once.
    init(_ behaviour: Behaviour, port: UInt16, connections: Int) throws {
        let started = try ServiceThread("attack") { [self] in
            _ = nice(19)  // Of this thread: Linux counts niceness by thread.
            attack(behaviour, port, connections)
        }
        thread.withLock { $0 = started }
    }

    var counts: Counts {
        Counts(
            connected: connected.load(ordering: .relaxed),
            answered: answered.load(ordering: .relaxed),
            refused: refused.load(ordering: .relaxed), closed: closed.load(ordering: .relaxed))
    }

    /// Closes every connection; returns when that is done.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        thread.withLock { $0?.join() }
    }

    private func attack(_ behaviour: Behaviour, _ port: UInt16, _ count: Int) {
        var clients: [AttackClient] = []
        var entries: [PollEntry] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while !isStopping.load(ordering: .acquiring) {
            // An idle client that was sent away stays away: each of them tries once.
            let gone = behaviour == .idle ? closed.load(ordering: .relaxed) : 0
            for _ in 0..<min(count - gone - clients.count, 500) {
                guard let client = AttackClient(behaviour, port, connected) else { break }
                clients.append(client)
            }
            entries = clients.map(\.entry)
            Poller.wait(on: &entries, milliseconds: 100)
            for (index, entry) in entries.enumerated() {
                switch clients[index].act(entry, &piece) {
                case .nothing: break
                case .answered: answered.wrappingAdd(1, ordering: .relaxed)
                case .refused: refused.wrappingAdd(1, ordering: .relaxed)
                }
            }
            let before = clients.count
            clients.removeAll { $0.isClosed }
            closed.wrappingAdd(before - clients.count, ordering: .relaxed)
        }
    }
}
