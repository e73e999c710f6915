import CoreModels
import Glibc
import PrivateServers
import TestKit
import Testing
import WebTransport
import WireFormats

/// `mexc_sim` as a program on a real socket. What it says is tested where it is decided.
@Suite("The simulated exchange as a program")
struct SimulatorTests {
    @Test(
        "wrong use ends with 2 and tells how it is used",
        arguments: [
            ([], "--port is missing"), (["--port", "x"], "--port x: a whole number"),
            (["--port", "0", "--speed", "0"], "--speed 0: a number above 0"),
            (["--port", "0", "--shout"], "--shout is no option"),
            (["--port", "0", "--data"], "--data names no file"),
            (
                ["--port", "0", "--origin", "1790000000001", "--start", "1790000000000"],
                "--origin must not lie after --start"
            ),
        ])
    func wrongUse(_ words: [String], _ sentence: String) throws {
        let (status, output) = try Programs.run("mexc_sim", words)
        #expect(status == .exited(2))
        #expect(output.contains(sentence))
        #expect(output.contains("usage: mexc_sim --port N"))
    }

    @Test("help is no error, a missing file and a taken port are")
    func otherEnds() throws {
        #expect(try Programs.run("mexc_sim", ["--help"]).status == .exited(0))
        let missing = try Programs.run("mexc_sim", ["--port", "0", "--data", "/nowhere.csv"])
        #expect(missing.status == .exited(1))
        #expect(missing.output.contains("/nowhere.csv"))
        let simulator = try RunningSimulator()
        let second = try Programs.run("mexc_sim", ["--port", "\(simulator.port)"])
        #expect(second.status == .exited(1))
        #expect(second.output.contains("\(simulator.port)"))
    }

    @Test("SIGTERM ends it with 0 while clients are connected")
    func terminates() throws {
        let simulator = try RunningSimulator()
        let client = try simulator.client()
        client.send(Array(#"{"method":"sub.tickers","param":{}}"#.utf8))
        #expect(client.first { Self.channel($0) == "push.tickers" } != nil)
        simulator.process.signal(SIGTERM)
        #expect(simulator.process.wait(seconds: 10) == .exited(0))
        client.stop()
    }

    @Test("one port serves HTTP and many sockets")
    func session() throws {
        let simulator = try RunningSimulator(["--contracts", "400"])
        let clients = try (0..<20).map { _ in try simulator.client() }
        for client in clients {
            client.send(Array(#"{"method":"sub.tickers","param":{}}"#.utf8))
            let event = try #require(client.first { Self.channel($0) == "push.tickers" })
            #expect(try Self.document(event)["data"].list?.count == 411)
        }
        #expect(try simulator.get("/sim/status").body["connections"].integer == 20)
        let details = try simulator.get("/api/v1/contract/detail").body
        #expect(details["data"].list?.count == 411)
        for client in clients { client.stop() }
        let emptied = try eventually {
            try simulator.get("/sim/status").body["connections"].integer == 0
        }
        #expect(emptied)
    }

    @Test(
        "the network's faults reach the client",
        arguments: [
            #"{"fault":"half_frame","for_ms":200}"#, #"{"fault":"cut_mid_frame"}"#,
            #"{"fault":"idle_close_notice"}"#, #"{"fault":"refuse_connections","for_ms":300}"#,
        ])
    func cuts(_ fault: String) throws {
        let simulator = try RunningSimulator()
        let client = try simulator.client()
        #expect(try simulator.fault(fault) == 202)
        let end = client.first { if case .closed = $0 { true } else { false } }
        guard case .closed(let code, _, _) = try #require(end) else { return }
        #expect(code == 1_006)
        client.stop()
        // Everybody is let in again.
        let isBack = eventually {
            do {
                try simulator.client().stop()
                return true
            } catch {
                return false  // Still refused.
            }
        }
        #expect(isBack)
    }

    @Test("compressed frames are binary and begin as gzip does")
    func gzip() throws {
        let simulator = try RunningSimulator()
        let client = try simulator.client()
        client.send(Array(#"{"method":"sub.tickers","param":{}}"#.utf8))
        #expect(try simulator.fault(#"{"fault":"gzip_frames","for_ms":20000}"#) == 202)
        let event = client.first {
            if case .message(let bytes, true, _, _) = $0 {
                bytes.starts(with: [0x1F, 0x8B])
            } else {
                false
            }
        }
        #expect(event != nil)
        client.stop()
    }

    @Test("a script of faults and recorded files are read")
    func files() throws {
        let directory = try TemporaryDirectory()
        let data = directory.file("SOLUSDT-1m.csv")
        try Files.write(
            """
            open_time_ms,open,high,low,close,volume_base
            1790000040000,100.5,101.25,100,101,12
            1790000100000,101,103,101,102.5,7
            """, to: data)
        let script = directory.file("faults.jsonl")
        try Files.write(
            "# soon\n{\"fault\":\"rest_500\",\"at_ms\":1,\"for_ms\":60000}\n", to: script)
        let simulator = try RunningSimulator([
            "--data", data, "--speed", "1000", "--faults", script,
        ])
        let fails = try eventually {
            try simulator.get("/api/v1/contract/ping").status == 500
        }
        #expect(fails)
        let ended = try eventually { try simulator.get("/sim/status").body["ended"].flag == true }
        #expect(ended)
        try Files.write("{\"fault\":\"earthquake\"}\n", to: script)
        let (status, output) = try Programs.run(
            "mexc_sim", ["--port", "0", "--faults", script])
        #expect(status == .exited(2))
        #expect(output.contains("line 1"))
    }

    private static func document(_ event: WebSocketClient.Event) throws -> Value {
        guard case .message(let bytes, false, _, _) = event else { return .null }
        return try JSONDocument.parse(bytes, limit: JSONReader.frameLimit)
    }

    private static func channel(_ event: WebSocketClient.Event) -> String? {
        do {
            return try document(event)["channel"].text
        } catch {
            return nil  // No JSON, no channel.
        }
    }
}
