import {
  IncomingRequestMessage,
  type OutgoingRequestMessage,
  Parser,
  type UserAgentCore,
} from 'sip.js/lib/core/index.js';
import type { Clock } from '../../domain/clock.js';
import { limitOf, type Scope } from '../../domain/scope.js';
import type { Connection } from '../net/startTls.js';
import type { SipAnswer } from './answer.js';
import { headerValue, type RawMessage, readMessage, statusOf } from './rawMessage.js';
import { type CoreIdentity, openCore } from './sipCore.js';
import { SipStream } from './sipStream.js';
import type { Trace } from './trace.js';

/** How long an answer that cannot be read waits for a better one, milliseconds, before it decides. */
const unparsableGraceMs = 500;

interface Arrival {
  readonly raw: RawMessage;
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
}

interface Pending {
  readonly callId: string;
  provisional: string | undefined;
  /** Ends the wait for something better than an answer that could not be read. */
  stopGrace(): void;
  settle(answer: SipAnswer, at: number): void;
}

/**
 * Requests and their answers over one connection, on sip.js's SIP transactions. Nothing a peer sends can end the
 * process, and a connection that closes answers everything that waits at once.
 */
export class SipExchange {
  readonly #core: UserAgentCore;
  readonly #stream: SipStream;
  readonly #clock: Clock;
  readonly #pending = new Set<Pending>();
  /** The response that sip.js is being handed, while it calls back. */
  #arriving: Arrival | undefined;
  #over: SipAnswer | undefined;

  constructor(connection: Connection, identity: CoreIdentity, clock: Clock, trace: Trace | undefined) {
    this.#clock = clock;
    this.#stream = new SipStream(connection, clock, trace, {
      onMessage: (text, at) => this.#receive(text, at),
      onViolation: (violation, excerpt) => this.#endAll({ kind: 'violation', violation, excerpt }),
      onClosed: (cause) => this.#endAll({ kind: 'connection-lost', cause, pendingBytes: this.#stream.pendingBytes }),
    });
    this.#core = openCore(identity, this.#stream);
  }

  get core(): UserAgentCore {
    return this.#core;
  }

  /** Sends a request and waits for its final response, as long as `scope` allows. Books what is not the wire's time. */
  async request(message: OutgoingRequestMessage, scope: Scope): Promise<SipAnswer> {
    const begunAt = this.#clock.monotonic();
    const { answer, sentAt, at } = await this.#send(message, scope);
    scope.exclude(this.#clock.monotonic() - begunAt - (at - sentAt));
    return answer;
  }

  /** Drops the connection, every timer and every pending request; may be called again. */
  close(): void {
    this.#stream.close();
    this.#core.dispose();
  }

  #send(message: OutgoingRequestMessage, scope: Scope): Promise<{ answer: SipAnswer; sentAt: number; at: number }> {
    return new Promise((resolve) => {
      let sentAt = this.#clock.monotonic();
      const give = (answer: SipAnswer, at: number) => {
        this.#pending.delete(waiting);
        waiting.stopGrace();
        scope.signal.removeEventListener('abort', giveUp);
        resolve({ answer, sentAt, at: Math.max(at, sentAt) });
      };
      const waiting: Pending = {
        callId: message.callId,
        provisional: undefined,
        stopGrace: () => {},
        settle: give,
      };
      const giveUp = () =>
        give(
          {
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
      this.#core.request(message, {
        onAccept: final,
        onRedirect: final,
        onReject: final,
        onProgress: ({ message: response }) => {
          waiting.provisional = `${response.statusCode} ${response.reasonPhrase ?? ''}`.trim();
        },
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
    this.#arriving = { raw, at };
    try {
      const parsed = Parser.parseMessage(withoutChallenges(text), this.#core.loggerFactory.getLogger('edge-probes'));
      if (!parsed) {
        this.#unparsable(raw, text, at);
      } else if (parsed instanceof IncomingRequestMessage) {
        this.#core.receiveIncomingRequestFromTransport(parsed);
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

  /** A response that sip.js cannot read answers the request whose Call-ID it carries, unless a better one follows. */
  #unparsable(raw: RawMessage, text: string, at: number): void {
    if (!statusOf(raw)) return;
    const callId = headerValue(raw, 'call-id');
    for (const waiting of this.#pending) {
      if (waiting.callId !== callId) continue;
      const settle = () => waiting.settle({ kind: 'unparsable', excerpt: text.slice(0, 300) }, at);
      waiting.stopGrace();
      waiting.stopGrace = this.#clock.after(unparsableGraceMs, settle);
    }
  }

  #endAll(answer: SipAnswer): void {
    this.#over ??= answer;
    const at = this.#clock.monotonic();
    for (const waiting of [...this.#pending]) waiting.settle(answer, at);
  }
}

/** Challenges are read from the message as it came; sip.js drops a whole response for one that it does not understand. */
function withoutChallenges(text: string): string {
  return text.replace(/^(?:www|proxy)-authenticate[ \t]*:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*/gim, '');
}
