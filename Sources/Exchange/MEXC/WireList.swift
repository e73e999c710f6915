import WireFormats

/// The elements of an array, one after the other.
struct WireList {
    private var json: JSONReader
    private let name: String

    /// A reader that has begun the array.
    init(_ json: JSONReader, name: String) {
        self.json = json
        self.name = name
    }

    /// What follows the list, once it has ended.
    var rest: JSONReader { json }

    mutating func next() throws(ExchangeError) -> WireValue? {
        do throws(JSONError) {
            guard try json.nextElement() else { return nil }
            let element = WireValue(json, name: name)
            try json.pass()
            return element
        } catch { throw ExchangeError(error, field: name) }
    }

    /// The next element's members: the short way of long lists. An element that is no such object
    /// is a failure and passed over.
    mutating func nextObject<Field>(
        _ table: FieldTable<Field>
    ) throws(ExchangeError) -> Result<WireObject<Field>, ExchangeError>? {
        do throws(JSONError) { guard try json.nextElement() else { return nil } } catch {
            throw ExchangeError(error, field: name)
        }
        let start = json
        do throws(ExchangeError) { return .success(try WireObject(&json, table, name: name)) } catch
        {
            json = start
            do throws(JSONError) { try json.skip() } catch {
                throw ExchangeError(error, field: name)
            }
            return .failure(error)
        }
    }
}
