import CoreModels
import Glibc
import PrivateServers
import TestKit
import Testing

extension EndToEnd {
    /// `cdb doctor` on a stack of its own.
    @Suite("The doctor")
    struct DoctorTests {
        @Test("a healthy stack is all ok; what is broken is named with what mends it")
        func faults() throws {
            let patient = try Patient()
            #expect(try patient.recovers(), "it has just started")
            try expectHealth(patient)
            let faults =
                try ConfigurationFaults.all + ServerFaults.all(patient) + SchemaFaults.all
                + ServiceFaults.all(patient)
            for fault in faults { try expect(fault, patient) }
            #expect(try patient.recovers(), "all is mended")
            try expectHalt(patient)
            try expectMachine(patient)
        }

        private func expectHealth(_ patient: Patient) throws {
            for words in [["--dir", patient.stackDirectory], []] {
                let diagnosis = try patient.doctor(words)
                #expect(diagnosis.unwell.isEmpty)
                #expect(diagnosis.exitCode == .exited(0))
                #expect(diagnosis.document["ok"].flag == true)
                let points = diagnosis.document["summary"].members ?? []
                #expect(points.map(\.value.text) == Array(repeating: "ok", count: 7))
            }
        }

        private func expect(_ fault: Fault, _ patient: Patient) throws {
            try fault.make(patient)
            let diagnosis = try patient.doctor([], fault.changes)
            try fault.mend(patient)
            expect(fault.expected, in: diagnosis, fault.name)
        }

        private func expect(
            _ expected: Fault.Expected, in diagnosis: Patient.Diagnosis, _ name: String
        ) {
            #expect(
                diagnosis.unwell.contains(where: expected.isMet),
                "\(name): \(diagnosis.unwell)")
            let verdict = diagnosis.document["summary"][expected.point].text
            if expected.status == "failed" {
                #expect(diagnosis.exitCode == .exited(1), "\(name)")
                #expect(verdict == "failed", "\(name)")
            } else {
                #expect(verdict != "ok", "\(name)")
            }
        }

        /// No fault of the stack, but told, with the way out.
        private func expectHalt(_ patient: Patient) throws {
            let cdb = try Programs.path("cdb")
            #expect(try patient.run(cdb, ["halt", "--reason", "a test"]).status.isSuccess)
            let diagnosis = try patient.doctor()
            let trading = diagnosis.findings.first { $0["check"].text == "trading" }
            #expect(trading?["detail"].text?.hasPrefix("HALTED (MANUAL") == true)
            #expect(trading?["remedy"].text?.contains("cdb release") == true)
            #expect(diagnosis.exitCode == .exited(0))
        }

        private func expectMachine(_ patient: Patient) throws {
            expect(
                .init(
                    point: "services", check: "file descriptors", status: "warning",
                    detail: "only 200", remedy: "ulimit -n"),
                in: try patient.doctor(behind: "ulimit -n 200"), "few descriptors")
            let lonely = patient.file("cdb")
            #expect(
                try InstalledPrograms.run("cp", [Programs.path("cdb"), lonely]).status.isSuccess)
            expect(
                .init(
                    point: "services", check: "programs", detail: "cdb_risk is missing",
                    remedy: "swift build"),
                in: try patient.doctor(["--dir", patient.stackDirectory], program: lonely),
                "a cdb without its services")
            try expectStopped(patient)
        }

        /// A directory without a `cdb up`, on a disk that is full.
        private func expectStopped(_ patient: Patient) throws {
            expect(
                .init(
                    point: "configuration", check: "environment file",
                    detail: "stack.env is missing", remedy: "cdb up --dir"),
                in: try patient.doctor(["--dir", patient.place]), "an empty directory")
            guard let disk = try SmallDisk(megabytes: 8) else {
                print("skipped: a small file system cannot be mounted here (not root)")
                return
            }
            defer { disk.unmount() }
            let stack = disk.file("stack")
            try Files.makeDirectory(stack, mode: 0o755)
            let text = try Files.read("\(patient.stackDirectory)/stack.env")
            try Files.write(String(decoding: text, as: UTF8.self), to: "\(stack)/stack.env")
            try disk.fill()
            let diagnosis = try patient.doctor(["--dir", stack])
            expect(
                .init(
                    point: "Postgres", check: "disk space", detail: "0 MiB free",
                    remedy: "make room"), in: diagnosis, "a full disk")
            expect(
                .init(
                    point: "services", check: "stack", detail: "no cdb up runs",
                    remedy: "cdb up --dir"), in: diagnosis, "a stack that is not up")
            #expect(diagnosis.document["summary"]["schema"].text == "not asked")
        }
    }
}
