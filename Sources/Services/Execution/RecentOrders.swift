import CoreModels
import EventSchema
import ServiceKit
import Synchronization
import WireFormats

/// `GET /orders?limit=20`: the latest results, newest first.
final class RecentOrders: Sendable {
    /// Results kept for the page.
    static let capacity = 200

    private let results = Mutex<[OrderResult]>([])

    init() {}

    func publish(_ latest: [OrderResult]) {
        results.withLock { $0 = latest }
    }

    var route: HTTPRoute {
        HTTPRoute("GET", "/orders") { [self] request in
            let asked = request.parameter("limit").flatMap { Int($0) } ?? 20
            guard asked > 0 else {
                return .problem(.badRequest, "limit must be a number above 0")
            }
            let page = results.withLock { Array($0.prefix(min(asked, Self.capacity))) }
            var bytes = Array("[".utf8)
            for (index, result) in page.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                OrderResultCodec.encode(result, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
            return .text(bytes, contentType: "application/json")
        }
    }
}
