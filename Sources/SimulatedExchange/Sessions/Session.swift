/// One client's socket.
struct Session: Sendable {
    let connection: Int
    /// Wall time of the last client ping, or of the beginning.
    var lastPing: Int64
    /// Nothing can be sent any more: a frame was begun and never ended.
    var isStuck = false
}

/// One stream of pushes and those that get it.
struct PushStream: Sendable {
    let topic: Topic
    /// Number of the contract; -1 for those that are about all.
    let contract: Int
    /// Sockets that get it.
    var listeners: [Int]
    /// Of these, the ones that have not had a push yet.
    var newcomers: [Int]
    /// Market time of the next push.
    var due: Int64
    /// The version of the book that the last push led to.
    var version: Int64 = 0
    /// Deals to be pushed, oldest first.
    var deals: [Deal] = []
}
