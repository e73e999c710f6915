/// The text of `.env`: every variable of the table with its meaning, range and readers.
public enum EnvironmentFile {
    /// `.env.example`: what must be filled in is empty, what is commented out is the default.
    public static var example: String { text { _ in nil } }

    /// - Parameter value: what to set a variable to; nil leaves it as it is in the example.
    public static func text(_ value: (Variable) -> String?) -> String {
        var lines = [
            "## `cdb init-env` writes this file as .env, with strong values for what is empty here.",
            "## What is commented out is the default; docs/CONFIGURATION.md has the rules.",
        ]
        for (title, variables) in ConfigurationTable.sections {
            lines += ["", "## \(title)"]
            for variable in variables {
                lines += [
                    "# " + notes(on: variable).joined(separator: "; "),
                    assignment(of: variable, value(variable)), "",
                ]
            }
            lines.removeLast()
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func notes(on variable: Variable) -> [String] {
        var notes = [variable.summary]
        if !variable.rangeText.isEmpty { notes.append("range " + variable.rangeText) }
        if !variable.unit.isEmpty { notes.append("unit " + variable.unit) }
        return notes + ["read by " + variable.readersText]
    }

    private static func assignment(of variable: Variable, _ value: String?) -> String {
        // What only compose reads has no other default than the one written here.
        let isSet = value != nil || variable.isMandatory || variable.readers == ["compose"]
        return (isSet ? "" : "#") + "\(variable.name)=\(value ?? variable.defaultText ?? "")"
    }
}
