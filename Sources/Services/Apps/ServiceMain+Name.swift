import CoreModels

extension ServiceMain {
    /// Runs the service that a program is named after: a container's image holds one program under
    /// all names. Nil when no service is called so.
    public static func run(named name: String) -> Int32? {
        if let feed = FeedService(rawValue: name) { return self.feed(feed) }
        switch Service(rawValue: name) {
        case .core: return core()
        case .risk: return risk()
        case .execution: return execution()
        case .writer: return writer()
        case nil: return nil
        }
    }
}
