import CoreModels
import ServiceKit
import WireFormats

/// What `/readyz` of a program says.
struct ReadinessAnswer {
    struct Failure: Equatable {
        let check: String
        let detail: String
    }

    let isReady: Bool
    let failures: [Failure]

    /// - Throws: when the program does not answer.
    static func ask(
        _ url: String, patience: Int64 = 3_000
    ) throws(HTTPClientError) -> ReadinessAnswer {
        let reply = try HTTPClient(timeoutMilliseconds: patience).send("GET", url)
        let failed = (Value(answer: reply.body)["checks"].list ?? []).filter {
            $0["status"].text != "ok"
        }
        return ReadinessAnswer(
            isReady: reply.status == 200,
            failures: failed.map {
                Failure(check: $0["name"].text ?? "", detail: $0["detail"].text ?? "")
            })
    }
}

extension Value {
    /// The body of an answer; null when it is no JSON: then there is nothing to show.
    init(answer body: [UInt8]) {
        do throws(JSONError) {
            self = try JSONDocument.parse(body, limit: HTTPClient.answerLimit)
        } catch {
            self = .null
        }
    }
}
