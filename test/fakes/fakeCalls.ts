import type { Scope } from '../../shared/domain/scope.js';
import { limitOf } from '../../shared/domain/scope.js';
import type { SessionDialog } from '../../shared/protocols/lync/session/dialog.js';
import type { IncomingCall } from '../../shared/protocols/lync/session/incomingCall.js';
import type { OutgoingCall } from '../../shared/protocols/lync/session/outgoingCall.js';
import type { ReceivedRequest } from '../../shared/protocols/lync/session/receivedRequest.js';
import type { SipAnswer } from '../../shared/protocols/sip/answer.js';
import type { Arrival, ConnectionEnd } from '../../shared/protocols/sip/inbox.js';
import { readMessage } from '../../shared/protocols/sip/rawMessage.js';
import { written } from './scriptedSocket.js';

/** A request of the other side, as it was taken. */
export function received(method: string, ...more: readonly string[]): ReceivedRequest {
  return { method, raw: readMessage(written([`${method} sip:a@contoso.com SIP/2.0`], more)), at: 0, reply: () => {} };
}

/** A dialog whose other side a test plays. */
export class FakeDialog implements SessionDialog {
  readonly unread: ReceivedRequest[] = [];
  /** What was sent in it: `MESSAGE text`. */
  readonly asked: string[] = [];
  alive = true;
  endedBy: SessionDialog['endedBy'];
  connectionEnd: ConnectionEnd | undefined;
  answer: SipAnswer | undefined;

  async request(...[method, { body }]: Parameters<SessionDialog['request']>): Promise<SipAnswer> {
    this.asked.push(`${method} ${body?.content ?? ''}`);
    if (!this.answer) throw new Error('no answer is planned');
    return this.answer;
  }

  /** Takes what a test put there; otherwise the wait ends at once. */
  async next(scope: Scope): Promise<Arrival<ReceivedRequest>> {
    const item = this.unread.shift();
    if (item) return { kind: 'item', item };
    if (this.connectionEnd) return { kind: 'ended', end: this.connectionEnd };
    return { kind: 'timeout', limitMs: limitOf(scope.signal), pendingBytes: 0 };
  }

  /** The other side sends BYE. */
  end(...more: readonly string[]): void {
    const bye = received('BYE', ...more);
    this.unread.push(bye);
    this.endedBy = bye.raw;
    this.alive = false;
  }
}

/** A session that is invited to; `answer` is its final answer, without one it is silent. */
export class FakeOutgoingCall implements OutgoingCall {
  readonly dialog = new FakeDialog();
  readonly settled: Promise<void>;
  readonly started: string[] = [];
  alive = true;
  ended: SipAnswer | undefined;
  readonly #answer: SipAnswer | undefined;
  readonly #provisional: string | undefined;

  constructor(answer: SipAnswer | undefined, provisional?: string) {
    this.#answer = answer;
    this.#provisional = provisional;
    this.settled = answer ? Promise.resolve() : new Promise(() => {});
  }

  start(offer: Parameters<OutgoingCall['start']>[0]): void {
    this.started.push(...(offer.headers ?? []));
  }

  async answered(scope: Scope): Promise<SipAnswer> {
    const provisional = this.#provisional === undefined ? {} : { provisional: this.#provisional };
    return this.#answer ?? { kind: 'timeout', limitMs: limitOf(scope.signal), pendingBytes: 0, ...provisional };
  }

  async end(): Promise<SipAnswer | undefined> {
    this.alive = false;
    return this.ended;
  }

  close(): void {}
}

/** A session that one is invited to; `invite` is what comes, without one nothing does before the deadline. */
export class FakeIncomingCall implements IncomingCall {
  readonly dialog = new FakeDialog();
  alive = true;
  ended: SipAnswer | undefined;
  connectionEnd: ConnectionEnd | undefined;
  readonly #invite: ReceivedRequest | undefined;

  constructor(invite: ReceivedRequest | undefined) {
    this.#invite = invite;
  }

  async rung(scope: Scope): Promise<Arrival<ReceivedRequest>> {
    if (this.#invite) return { kind: 'item', item: this.#invite };
    if (this.connectionEnd) return { kind: 'ended', end: this.connectionEnd };
    if (!scope.signal.aborted) await new Promise((resolve) => scope.signal.addEventListener('abort', resolve));
    return { kind: 'timeout', limitMs: limitOf(scope.signal), pendingBytes: 0 };
  }

  accept(): void {}

  async end(): Promise<SipAnswer | undefined> {
    this.alive = false;
    return this.ended;
  }

  close(): void {}
}
