import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer, SipResponse } from '../../sip/answer.js';
import { type Arrival, Inbox } from '../../sip/inbox.js';
import { readNotification, type SubscriptionState } from '../../sip/presence/notification.js';
import { headerValue, type RawMessage } from '../../sip/rawMessage.js';
import { counter } from '../session/line.js';
import type { ReceivedRequest } from '../session/receivedRequest.js';
import { type Remote, remoteOfResponse, tagOf } from '../session/remote.js';
import type { PresenceLine } from './presenceLine.js';

/** A notification: NOTIFY, BENOTIFY, or the answer to SUBSCRIBE that carries the first one (MS-SIP 3.3). */
export interface Notified {
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
  readonly state: SubscriptionState;
  readonly message: RawMessage;
}

/** What a SUBSCRIBE asks for. */
export interface EventRequest {
  /** Whose events; also the first Request-URI. */
  readonly uri: string;
  /** The event package. */
  readonly event: string;
  readonly headers: readonly string[];
  readonly body: { readonly contentType: string; readonly content: string };
}

/** How Lync is asked for best-effort notifications, the first of them in the answer itself (MS-SIP 3.3, 3.8). */
const supported = ['ms-benotify', 'ms-piggyback-first-notify'];

/** A subscription dialog of Lync. It has no refresh: a run is shorter than any lifetime that servers grant. */
export class EventDialog {
  readonly #line: PresenceLine;
  readonly #request: EventRequest;
  readonly #identity: ReturnType<PresenceLine['newIdentity']>;
  readonly #inbox: Inbox<Notified>;
  readonly #cseq = counter();
  #remote: Remote | undefined;
  #alive = false;
  #unmatched = 0;
  /** The number of the last notification. */
  #highest = 0;

  constructor(line: PresenceLine, request: EventRequest) {
    this.#line = line;
    this.#request = request;
    this.#identity = line.newIdentity();
    this.#inbox = new Inbox(line.clock, () => line.exchange.pendingBytes);
    line.listen(this.#identity.callId, {
      onRequest: (received) => this.#receive(received),
      onEnd: (end) => {
        this.#alive = false;
        this.#inbox.end(end);
      },
    });
  }

  /** Does the server hold the subscription, as far as it told us? */
  get alive(): boolean {
    return this.#alive;
  }

  /** How many notifications came on the line that are none of this subscription, or of any. */
  get unmatched(): number {
    return this.#unmatched + this.#line.strayNotifications;
  }

  /** SUBSCRIBE; the first notification may come with the answer. */
  async subscribe(scope: Scope): Promise<SipAnswer> {
    const { headers, body } = this.#request;
    const answer = await this.#send([...supported.map((tag) => `Supported: ${tag}`), ...headers], body, scope);
    if (answer.kind === 'response' && answer.status < 300) this.#begin(answer);
    return answer;
  }

  /** The next notification, in order. Throws a `ProbeError` when what came must not be believed. */
  next(scope: Scope): Promise<Arrival<Notified>> {
    return this.#line.next(this.#inbox, scope);
  }

  /** What came since, without a wait. Of what must not be believed the next request or wait tells. */
  async takeUnread(scope: Scope): Promise<readonly Notified[]> {
    const taken: Notified[] = [];
    while (this.#inbox.unread.length > 0) {
      const arrival = await this.#inbox.next(scope);
      if (arrival.kind === 'item') taken.push(arrival.item);
    }
    return taken;
  }

  /** SUBSCRIBE with `Expires: 0` in the dialog (MS-PRES 3.1.4). */
  async end(scope: Scope): Promise<SipAnswer> {
    const answer = await this.#send(['Expires: 0'], undefined, scope);
    if (answer.kind === 'response') this.#alive = false;
    return answer;
  }

  #begin({ message }: SipResponse): void {
    this.#alive = true;
    this.#remote = remoteOfResponse(message, this.#request.uri);
    if (message.body.trim() === '') return;
    this.#highest = numberOf(message, 'ms-piggyback-cseq');
    const at = this.#line.clock.monotonic();
    this.#inbox.push({ at, state: { ...readNotification(message, at).state, name: 'active' }, message });
  }

  #receive(received: ReceivedRequest): void {
    const { raw, at } = received;
    const status = this.#statusFor(received);
    received.reply(status);
    if (status !== 200) {
      this.#unmatched += 1;
      return;
    }
    this.#highest = numberOf(raw, 'cseq');
    const { state } = readNotification(raw, at);
    if (state.name === 'terminated') this.#alive = false;
    this.#inbox.push({ at, state, message: raw });
  }

  /** What is no part of the dialog, or older than what came before, has no effect (RFC 3261 section 12.2.2). */
  #statusFor({ method, raw }: ReceivedRequest): 200 | 481 | 500 {
    const notification = method === 'NOTIFY' || method === 'BENOTIFY';
    const [ownTag] = this.#identity.fromTag.split(';', 1);
    if (!notification || tagOf(headerValue(raw, 'to')) !== ownTag) return 481;
    return numberOf(raw, 'cseq') < this.#highest ? 500 : 200;
  }

  #send(headers: readonly string[], body: EventRequest['body'] | undefined, scope: Scope): Promise<SipAnswer> {
    const { uri, event } = this.#request;
    const { target = uri, to = `<${uri}>`, routes = [] } = this.#remote ?? {};
    const request = {
      method: 'SUBSCRIBE',
      uri: target,
      from: this.#line.fromHeader(this.#identity.fromTag),
      to,
      callId: this.#identity.callId,
      cseq: this.#cseq,
      headers: [...routes, this.#line.contactHeader(), `Event: ${event}`, ...headers],
      body,
    };
    return this.#line.ask(request, scope);
  }
}

/** The number at the beginning of a header field; 0 without one. */
function numberOf(message: RawMessage, name: string): number {
  return Number(/^\d{1,10}/.exec(headerValue(message, name) ?? '')?.[0] ?? 0);
}
