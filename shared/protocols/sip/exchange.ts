import {
  type IncomingRequest,
  IncomingRequestMessage,
  type OutgoingRequestDelegate,
  type OutgoingRequestMessage,
  Parser,
  type UserAgentCore,
} from 'sip.js/lib/core/index.js';
import type { Clock } from '../../domain/clock.js';
import type { Diagnosis } from '../../domain/diagnosis.js';
import { limitOf, type Scope } from '../../domain/scope.js';
import type { Connection } from '../net/startTls.js';
import type { SipAnswer } from './answer.js';
import type { Arrived, ExchangeEvents, Sending } from './exchangeEvents.js';
import type { ConnectionEnd } from './inbox.js';
import type { MessageGuard } from './messageGuard.js';
import type { Pending } from './pending.js';
import { PendingRequests } from './pendingRequests.js';
import { lacksHeaders, type RawMessage, readMessage, statusOf, withoutChallenges } from './rawMessage.js';
import { type CoreIdentity, openCore } from './sipCore.js';
import { SipStream, type SipStreamEvents } from './sipStream.js';
import type { Trace } from './trace.js';
import { type WrittenAnswer, writeAnswer } from './writtenAnswer.js';
import { type Hop, type WrittenRequest, writeRequest } from './writtenRequest.js';

/**
 * Requests and their answers over one connection, on sip.js's SIP transactions. Nothing a peer sends can end the
 * process, and a connection that closes answers everything that waits at once.
 */
export class SipExchange {
  readonly #core: UserAgentCore;
  readonly #stream: SipStream;
  readonly #clock: Clock;
  readonly #hop: Hop;
  readonly #pending: PendingRequests;
  readonly #events: Partial<ExchangeEvents>;
  /** The message that sip.js is being handed, while it calls back. */
  #arriving: Arrived | undefined;
  #claimed = false;
  #over: ConnectionEnd | undefined;

  constructor(
    connection: Connection,
    identity: CoreIdentity,
    clock: Clock,
    trace: Trace | undefined,
    events: Partial<ExchangeEvents> = {},
    guard?: MessageGuard,
  ) {
    this.#clock = clock;
    this.#pending = new PendingRequests(clock);
    this.#events = events;
    this.#hop = { ...identity, protocol: connection.protocol };
    const streamEvents: SipStreamEvents = {
      onMessage: (text, at) => this.#receive(text, at),
      onUntrusted: (found, at) => this.#distrust(found, at),
      onViolation: (violation, excerpt) => this.#endAll({ kind: 'violation', violation, excerpt }),
      onClosed: (cause) => this.#endAll({ kind: 'connection-lost', cause, pendingBytes: this.#stream.pendingBytes }),
    };
    this.#stream = new SipStream(connection, clock, trace, streamEvents, guard);
    this.#core = openCore(identity, this.#stream);
    const { onMessage } = events;
    if (onMessage) this.#core.delegate = { onMessage: (request) => this.#hand(request, onMessage) };
  }

  get core(): UserAgentCore {
    return this.#core;
  }

  /** Bytes of a message that has begun to arrive. */
  get pendingBytes(): number {
    return this.#stream.pendingBytes;
  }

  /** Sends a request and waits for its final response, as long as `scope` allows. Books what is not the wire's time. */
  request(message: OutgoingRequestMessage, scope: Scope): Promise<SipAnswer> {
    return this.send(
      { callId: message.callId, start: (delegate) => void this.#core.request(message, delegate) },
      scope,
    );
  }

  /** The same for a request whose answer sip.js need not read; `branch` is a random text that no other request has. */
  ask(request: WrittenRequest, branch: string, scope: Scope): Promise<SipAnswer> {
    const { callId, method } = request;
    const start = () => this.tell(request, branch);
    return this.send({ callId, transaction: `${branch} ${method}`, start }, scope);
  }

  /** Sends a request that has no answer, or whose answer nobody waits for. */
  tell(request: WrittenRequest, branch: string): void {
    this.#write(writeRequest(request, this.#hop, branch));
  }

  /** Answers a request that `onRequest` took. */
  answer(request: RawMessage, answer: WrittenAnswer): void {
    this.#write(writeAnswer(request, answer));
  }

  /** The same for a request that another part of sip.js sends. */
  async send(sending: Sending, scope: Scope): Promise<SipAnswer> {
    const begunAt = this.#clock.monotonic();
    const { answer, sentAt, at } = await this.#send(sending, scope);
    scope.exclude(this.#clock.monotonic() - begunAt - (at - sentAt));
    return answer;
  }

  /** The request that sip.js is handing to a delegate at this moment: it belongs to somebody. */
  claim(): Arrived | undefined {
    this.#claimed = true;
    return this.#arriving;
  }

  /** Drops the connection, every timer and every pending request; may be called again. */
  close(): void {
    this.#stream.close();
    this.#core.dispose();
  }

  /** When the connection is gone, whatever waits has been told so. */
  #write(text: string): void {
    this.#stream.send(text).catch(() => {});
  }

  #hand(request: IncomingRequest, onMessage: ExchangeEvents['onMessage']): void {
    const arrived = this.claim();
    if (arrived) onMessage(request, arrived);
  }

  #send(sending: Sending, scope: Scope): Promise<{ answer: SipAnswer; sentAt: number; at: number }> {
    return new Promise((resolve) => {
      let sentAt = this.#clock.monotonic();
      const give = (answer: SipAnswer, at: number) => {
        this.#pending.remove(waiting);
        waiting.stopGrace();
        scope.signal.removeEventListener('abort', giveUp);
        resolve({ answer, sentAt, at: Math.max(at, sentAt) });
      };
      const waiting: Pending = {
        callId: sending.callId,
        transaction: sending.transaction,
        provisional: undefined,
        unreadable: undefined,
        stopGrace: () => {},
        settle: give,
      };
      const giveUp = () =>
        give(
          waiting.unreadable ?? {
            kind: 'timeout',
            limitMs: limitOf(scope.signal),
            pendingBytes: this.#stream.pendingBytes,
            ...(waiting.provisional === undefined ? {} : { provisional: waiting.provisional }),
          },
          this.#clock.monotonic(),
        );
      if (this.#over) return give(this.#over, sentAt);
      if (scope.signal.aborted) return giveUp();
      this.#pending.add(waiting);
      scope.signal.addEventListener('abort', giveUp, { once: true });
      const final = () => this.#answer(waiting);
      const provisional: OutgoingRequestDelegate['onProgress'] = ({ message: { statusCode, reasonPhrase } }) => {
        waiting.provisional = `${statusCode} ${reasonPhrase ?? ''}`.trim();
      };
      sending.start({
        onAccept: final,
        onRedirect: final,
        onReject: final,
        onTrying: provisional,
        onProgress: provisional,
      });
      sentAt = Math.max(sentAt, this.#stream.lastSentAt);
    });
  }

  /**
   * sip.js makes up a 503 when it cannot send and a 408 when its timer fires: those come while nothing arrives, and the
   * connection's end or our own deadline says it better. A 408 of the server it replaces by one without a header.
   */
  #answer(waiting: Pending): void {
    const status = this.#arriving && statusOf(this.#arriving.raw);
    if (!this.#arriving || !status) return;
    waiting.settle({ kind: 'response', ...status, message: this.#arriving.raw }, this.#arriving.at);
  }

  #receive(text: string, at: number): void {
    const raw = readMessage(text);
    if (statusOf(raw)) {
      // sip.js takes some 2 ms to read a message: what answers nothing of ours must not cost that, nor hold up other runs.
      if (!this.#pending.isAwaited(raw)) return;
      if (lacksHeaders(raw)) {
        this.#unparsable(raw, text, at);
        return;
      }
      if (this.#pending.answerWritten(raw, at)) return;
    }
    this.#arriving = { raw, at };
    try {
      if (!statusOf(raw) && !lacksHeaders(raw) && this.#events.onRequest?.({ raw, at })) return;
      const parsed = Parser.parseMessage(withoutChallenges(text), this.#core.loggerFactory.getLogger('edge-probes'));
      if (!parsed) {
        this.#unparsable(raw, text, at);
      } else if (parsed instanceof IncomingRequestMessage) {
        this.#receiveRequest(parsed, raw);
      } else {
        this.#core.receiveIncomingResponseFromTransport(parsed);
      }
    } catch {
      // sip.js 0.21 throws on an out-of-dialog PRACK, a tel: Request-URI and a CSeq it cannot read. Out of the
      // socket's data event that would end the process; a peer must not be able to do so.
      this.#unparsable(raw, text, at);
    } finally {
      this.#arriving = undefined;
    }
  }

  #receiveRequest(parsed: IncomingRequestMessage, raw: RawMessage): void {
    this.#claimed = false;
    // sip.js would answer 405, but a BENOTIFY is never answered (MS-SIP 2.2.1).
    if (parsed.method !== 'BENOTIFY') this.#core.receiveIncomingRequestFromTransport(parsed);
    if (!this.#claimed) this.#events.onUnmatched?.(raw);
  }

  #unparsable(raw: RawMessage, text: string, at: number): void {
    const status = statusOf(raw);
    if (!status) this.#events.onUnmatched?.(raw);
    if (status && status.status >= 200) this.#pending.answerUnreadable(raw, text, at);
  }

  #endAll(answer: ConnectionEnd): void {
    if (!this.#over) this.#events.onEnd?.(answer);
    this.#over ??= answer;
    const at = this.#clock.monotonic();
    this.#pending.settleAll((waiting) => waiting.unreadable ?? answer, at);
  }

  /** Whatever waits is answered, while the connection stays open: what was begun can still be undone. */
  #distrust(found: Diagnosis, at: number): void {
    this.#events.onUntrusted?.(found, this.#pending.any);
    this.#pending.settleAll(() => ({ kind: 'untrusted', diagnosis: found }), at);
  }
}
