import CoreModels

/// A dashboard as far as the tests look at it.
struct Dashboard {
    struct Panel {
        let number: Int64?
        let title: String
        /// PromQL, one for each target.
        let expressions: [String]
        /// The uids of the datasources that panel and targets name.
        let sources: [String?]
        /// Where the colours change; the first has no number.
        let thresholds: [Ratio?]
        let colors: [String?]
    }

    let uid: String?
    let title: String?
    let panels: [Panel]

    init(_ document: Value) {
        uid = document["uid"].text
        title = document["title"].text
        panels = (document["panels"].list ?? []).map(Panel.init)
    }
}

extension Dashboard.Panel {
    fileprivate init(_ document: Value) {
        let targets = document["targets"].list ?? []
        let steps = document["fieldConfig"]["defaults"]["thresholds"]["steps"].list ?? []
        number = document["id"].integer
        title = document["title"].text ?? ""
        expressions = targets.compactMap { $0["expr"].text }
        sources = ([document] + targets).map { $0["datasource"]["uid"].text }
        thresholds = steps.map { $0["value"].fixed() }
        colors = steps.map { $0["color"].text }
    }
}
