import CoreModels
import EventSchema
import Foundation
import PrivateServers
import RedisBus
import ServiceKit
import TestKit
import Testing

@testable import Services

@Suite("Rights on the bus")
struct BusRightsTests {
    /// A service, and what its code says and hears.
    struct User: Sendable, CustomTestStringConvertible {
        let name: String
        let hears: Set<Channel>
        let says: Set<Channel>

        var testDescription: String { name }

        init<Work: ServiceWork>(_ work: Work.Type) {
            name = Work.service.rawValue
            hears = Set(ServiceLoop<Work>.channels)
            let bells: Set<Channel> = Work.takesMarketData ? [.health, .progress] : [.health]
            says = bells.union(Work.service.streams.map { Channel($0) })
        }

        init(_ feed: FeedService) {
            name = feed.rawValue
            hears = Set(feed.channels)
            says = [.marketData, .health]
        }
    }

    static let users = [
        User(.webSocket), User(.rest), User(CoreWork.self), User(RiskWork.self),
        User(ExecutionWork.self), User(WriterWork.self),
    ]

    @Test("are those that each service needs, and no more", arguments: users)
    func channels(_ user: User) throws {
        let bus = try BusServer()
        for channel in Channel.allCases {
            let name = channel.rawValue
            #expect(
                bus.allows(["SUBSCRIBE", name], to: user.name) == user.hears.contains(channel),
                "\(user.name) hears \(name)")
            #expect(
                bus.allows(["PUBLISH", name, "x"], to: user.name) == user.says.contains(channel),
                "\(user.name) says \(name)")
        }
        #expect(bus.allows(["SUBSCRIBE"] + user.hears.map(\.rawValue), to: user.name) == true)
        #expect(bus.allows(["INFO", "memory"], to: user.name) == true)
        for words in Self.forbidden + [["PSUBSCRIBE", "*"], ["CONFIG", "GET", "*"]] {
            #expect(bus.allows(words, to: user.name) == false, "\(user.name): \(words)")
        }
    }

    /// What nobody may.
    static let forbidden = [
        ["SET", "key", "value"], ["GET", "key"], ["DEL", "key"], ["KEYS", "*"], ["FLUSHALL"],
        ["CONFIG", "SET", "maxmemory", "1"], ["ACL", "LIST"], ["ACL", "SETUSER", "default", "on"],
        ["SHUTDOWN"], ["EVAL", "return 1", "0"], ["MONITOR"],
        ["CLIENT", "KILL", "TYPE", "pubsub"], ["REPLICAOF", "NO", "ONE"],
    ]

    @Test("let people listen to everything and speak as a market or by hand only")
    func people() throws {
        let bus = try BusServer()
        let spoken: Set<Channel> = [.marketData, .signals, .progress]
        for channel in Channel.allCases {
            #expect(bus.allows(["SUBSCRIBE", channel.rawValue], to: "default") == true)
            #expect(
                bus.allows(["PUBLISH", channel.rawValue, "x"], to: "default")
                    == spoken.contains(channel), "\(channel)")
        }
        #expect(bus.allows(["PSUBSCRIBE", "*"], to: "default") == true)
        #expect(
            bus.reply(to: ["CONFIG", "GET", "maxmemory-policy"], as: "default") == "*2")
        for words in Self.forbidden {
            #expect(bus.allows(words, to: "default") == false, "\(words)")
        }
    }

    @Test("let the exporter measure and nothing else")
    func exporter() throws {
        let bus = try BusServer()
        for words in [["INFO", "ALL"], ["SLOWLOG", "LEN"], ["LATENCY", "LATEST"], ["PING"]] {
            #expect(bus.allows(words, to: "cdb_exporter") == true, "\(words)")
        }
        for words in Self.forbidden + [["SUBSCRIBE", "signals"], ["CONFIG", "GET", "*"]] {
            #expect(bus.allows(words, to: "cdb_exporter") == false, "\(words)")
        }
    }

    /// What Redis calls dangerous or an administrator's, as far as somebody has a use for it.
    private static let useful: [String: Set<String>] = [
        "default": ["info", "config|get", "client|list", "sync", "replconf"],
        "cdb_exporter": [
            "info", "slowlog|get", "slowlog|len", "latency|latest", "latency|histogram",
        ],
    ]

    @Test(
        "give nobody a dangerous command that is not needed: no replication, no change, no look at keys",
        arguments: users.map(\.name) + ["default", "cdb_exporter"])
    func dangerous(user: String) throws {
        let directory = try TemporaryDirectory()
        let redis = try PrivateRedis.start(directory: directory.path, password: "secret")
        defer { redis.stop() }
        let words = [
            ["AUTH", "secret"], ["ACL", "CAT", "dangerous"], ["ACL", "CAT", "admin"], ["QUIT"],
        ]
        let listed = BusServer.ask(words, port: redis.port).filter {
            !"+*$-".contains($0.prefix(1))
        }
        #expect(listed.count > 100 && listed.contains("psync"))
        let bus = try BusServer()
        let useful = Self.useful[user] ?? ["info"]
        for command in Set(listed).subtracting(useful) {
            // Redis counts the words first, and how many it wants is its own matter.
            let tries = (0...6).map {
                command.split(separator: "|").map(String.init) + Array(repeating: "1", count: $0)
            }
            let replies = try #require(bus.replies(to: tries, as: user)).prefix(tries.count)
            let answered = replies.filter { !$0.contains("wrong number of arguments") }
            // DEBUG and MODULE are nobody's in any Redis 7 that is not told otherwise.
            let isRefused = answered.allSatisfy {
                $0.hasPrefix("-NOPERM") || $0.contains("command not allowed")
            }
            #expect(isRefused && !answered.isEmpty, "\(user), \(command): \(answered)")
        }
    }

    @Test("carry a message from one service to another, and nothing from a stranger")
    func messages() throws {
        let bus = try BusServer()
        let settings = { bus.settings($0, password: ContainerFiles.password(of: $1)) }
        let hears = RedisSubscriber(
            settings: settings("cdb_risk", "cdb_risk"), channels: ["signals"])
        let says = RedisPublisher(settings: settings("cdb_core", "cdb_core"))
        let strangers = [
            settings("cdb_core", "cdb_risk"), settings(nil, "cdb_core"),
            settings("nobody", "cdb_core"), bus.settings("cdb_core", password: ""),
        ].map { RedisPublisher(settings: $0) }
        var heard: [String] = []
        let turn = {
            let now = SystemClock.monotonicMilliseconds
            hears.service(now)
            ([says] + strangers).forEach { $0.service(now) }
            hears.receive(limit: 10) {
                heard.append("\($0): \(String(decoding: $1, as: UTF8.self))")
            }
        }
        #expect(
            eventually {
                turn()
                return hears.isSubscribed && says.isConnected
            })
        says.publish("orders", Array("forged".utf8))
        says.publish("signals", Array("real".utf8))
        says.flush()
        #expect(
            eventually {
                turn()
                return !heard.isEmpty && strangers.allSatisfy { $0.lastError != nil }
            })
        #expect(heard == ["signals: real"])
        #expect(says.confirmed == 1)
        #expect(says.dropped == 1)
        #expect(says.maximumMemoryPolicy == "noeviction")
        for stranger in strangers {
            #expect(!stranger.isConnected)
            #expect(stranger.lastError?.isRetryable == false)
            #expect(stranger.lastError?.description.contains("REDIS_USER") == true)
        }
    }

    @Test("are not given when a password is missing")
    func missingPassword() throws {
        let directory = try TemporaryDirectory()
        var command = Command(
            "/bin/sh", [ContainerFiles.path("docker/redis/start.sh")],
            environment: ContainerFiles.environment)
        command.environment["CDB_RISK_PASSWORD"] = ""
        command.environment["REDIS_RUN"] = directory.path
        command.output = .pipe
        let process = try ChildProcess.start(command)
        let output = String(decoding: process.readOutput(), as: UTF8.self)
        #expect(process.wait(seconds: 20)?.isSuccess == false)
        #expect(output.contains("CDB_RISK_PASSWORD"))
        #expect(!FileManager.default.fileExists(atPath: directory.file("users.acl")))
    }
}
