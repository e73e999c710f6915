import CoreModels
import EventSchema
import Ledger
import ServiceKit
import WireFormats

// A service hears its own channels: what it did not publish, and the ledger does not hold, is foreign.
extension ServiceLoop {
    func receiveOwn(_ channel: Channel, _ bytes: UnsafeRawBufferPointer, _ monotonic: Int64) {
        if own[channel, default: OwnMessages()].isOwn(bytes) { return }
        guard session != nil else { return }
        if channel == .signals, let signal = injected(bytes) { return handle(.signal(signal)) }
        guard concernsUs(channel, bytes) else { return }
        metrics.foreign.with(channel.rawValue).increment()
        guard monotonic - lastForeignAlert[channel, default: -1000] >= 1000 else { return }
        lastForeignAlert[channel] = monotonic
        if isInLedger(channel, bytes) { return }
        let text = String(decoding: bytes.prefix(200), as: UTF8.self)
        logger.warning(
            "inject_refused", "a foreign message on \(channel.rawValue) has no effect",
            [.init("message", .text(text))])
        handle(
            .notice(
                AlertDraft(
                    .warning, "INJECT_REFUSED",
                    "a message on \(channel.rawValue) that \(Work.service.rawValue) did not send has no effect",
                    [.init("channel", .text(channel.rawValue)), .init("message", .text(text))])))
    }

    /// A signal made by hand has no `seq`; with one it can only be a forgery or an echo.
    private func injected(_ bytes: UnsafeRawBufferPointer) -> Signal? {
        guard settings.allowInject else { return nil }
        do {
            let signal = try SignalCodec.decode(bytes, from: .hand(at: now))
            return signal.envelope.sequence == 0 ? signal : nil
        } catch {
            refuse(.signals, error, bytes)
            return nil
        }
    }

    /// All owners publish on `alerts`: each answers for the messages that name it, risk for the rest.
    private func concernsUs(_ channel: Channel, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard channel == .alerts else { return true }
        let source = Result { () throws(EventError) in
            try AlertCodec.decode(bytes, from: .foreign(at: now)).source
        }
        return ((try? source.get()) ?? .risk) == Work.service
    }

    /// An echo of a message that a former process of this service published. A ledger that cannot be
    /// asked now will be in trouble with the next commit; then there is no alert either.
    private func isInLedger(_ channel: Channel, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let session,
            case .success(let message) = Result(catching: { () throws(JSONError) in
                try JSONDocument.parse(bytes.bytes)
            }), let sequence = message["seq"].integer
        else { return false }
        return Work.service.streams.filter { Channel($0) == channel }.contains { stream in
            do {
                return try session.store.holds(stream, sequence: sequence, Array(bytes))
            } catch {
                return true
            }
        }
    }
}
