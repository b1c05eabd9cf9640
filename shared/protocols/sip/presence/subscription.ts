import {
  type IncomingNotifyRequest,
  type IncomingRequestWithSubscription,
  type OutgoingRequestDelegate,
  SubscriptionDialog,
} from 'sip.js/lib/core/index.js';
import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer } from '../answer.js';
import { askLifetime } from '../answerChallenges.js';
import { type Arrival, type ConnectionEnd, Inbox } from '../inbox.js';
import { headerValue } from '../rawMessage.js';
import type { AccountRequests } from '../requests.js';
import { type Notification, readNotification } from './notification.js';

/** A subscription to a presentity (RFC 6665, RFC 3856). Of forked ones the first counts (RFC 3856 section 6.9). */
export interface PresenceSubscription {
  /** SUBSCRIBE outside of a dialog; its NOTIFY may come before the answer. */
  subscribe(scope: Scope): Promise<SipAnswer>;
  /** The next NOTIFY, in order, each answered 200. Refreshes the subscription while it waits. */
  next(scope: Scope): Promise<SubscriptionEvent>;
  /** SUBSCRIBE with `Expires: 0` in the dialog; the last NOTIFY follows. Only while `alive`. */
  unsubscribe(scope: Scope): Promise<SipAnswer>;
  /** Does the server hold the subscription, as far as it told us? */
  readonly alive: boolean;
  /** How many NOTIFY requests came that belong to no subscription of ours; they were refused. */
  readonly unmatched: number;
}

/** What a wait for a NOTIFY came to; `refused` is the answer to a refresh that was no success. */
export type SubscriptionEvent = Arrival<Notification> | { readonly kind: 'refused'; readonly answer: SipAnswer };

/** What stays subscribed when a prober is killed ends by itself after so many seconds. */
const expiresSeconds = 90;
/** However short a lifetime the server grants, refreshes are no closer together, milliseconds. */
const shortestRefreshMs = 1_000;

/** A subscription on sip.js's dialog; refreshes, deadlines and credentials are ours. */
export class PresenceDialog implements PresenceSubscription {
  readonly #requests: AccountRequests;
  readonly #presentity: string;
  readonly #contactUri: string;
  readonly #callId: string;
  readonly #inbox: Inbox<Notification>;
  #dialog: SubscriptionDialog | undefined;
  #alive = false;
  #unmatched = 0;
  #seconds = expiresSeconds;
  #refreshAt = Number.POSITIVE_INFINITY;
  #ending = false;
  #stopTimerN = () => {};

  constructor(requests: AccountRequests, presentity: string, contactUri: string) {
    this.#requests = requests;
    this.#presentity = presentity;
    this.#contactUri = contactUri;
    this.#callId = requests.token(24);
    this.#inbox = new Inbox(requests.clock, () => requests.exchange.pendingBytes);
  }

  get alive(): boolean {
    return this.#alive;
  }

  get unmatched(): number {
    return this.#unmatched;
  }

  async subscribe(scope: Scope): Promise<SipAnswer> {
    const fromTag = this.#requests.token(10);
    let cseq = 0;
    const answer = await askLifetime(expiresSeconds, (seconds) => {
      this.#seconds = seconds;
      const planned = { method: 'SUBSCRIBE', uri: this.#presentity, headers: this.#headers(seconds) };
      return this.#requests.authenticated('SUBSCRIBE', this.#presentity, (credentials) => {
        cseq += 1;
        const message = this.#requests.message(planned, { callId: this.#callId, fromTag, cseq }, credentials);
        return this.#send((delegate) => {
          const onNotify = (first: IncomingRequestWithSubscription) => this.#begin(first);
          const request = this.#requests.exchange.core.subscribe(message, { ...delegate, onNotify });
          // sip.js 0.21 does not stop its Timer N when the core is disposed of.
          this.#stopTimerN = () => request.waitNotifyStop();
        }, scope);
      });
    });
    this.#schedule(answer);
    return answer;
  }

  async next(scope: Scope): Promise<SubscriptionEvent> {
    for (;;) {
      const arrival = await this.#untilRefresh(scope);
      if (arrival) return arrival;
      const answer = await this.#resubscribe(this.#seconds, scope);
      if (answer.kind === 'timeout') return answer;
      if (answer.kind === 'connection-lost' || answer.kind === 'violation') return { kind: 'ended', end: answer };
      if (!isSuccess(answer)) return { kind: 'refused', answer };
      this.#schedule(answer);
    }
  }

  unsubscribe(scope: Scope): Promise<SipAnswer> {
    this.#ending = true;
    return this.#resubscribe(0, scope);
  }

  /** A NOTIFY came that sip.js found no subscription for. */
  noteUnmatched(): void {
    this.#unmatched += 1;
  }

  /** The connection is gone. */
  end(end: ConnectionEnd): void {
    this.#alive = false;
    this.#inbox.end(end);
  }

  /** Leaves no timer behind. */
  close(): void {
    this.#stopTimerN();
    this.#dialog?.dispose();
  }

  /** The first NOTIFY makes the dialog (RFC 6665 section 4.4.1). */
  #begin({ request, subscription }: IncomingRequestWithSubscription): void {
    if (subscription instanceof SubscriptionDialog) {
      this.#dialog = subscription;
      const onTerminated = () => {
        this.#alive = false;
      };
      subscription.delegate = { onNotify: (next) => this.#receive(next), onTerminated };
    }
    this.#receive(request);
  }

  #receive(request: IncomingNotifyRequest): void {
    const arrived = this.#requests.exchange.claim();
    request.accept();
    if (!arrived) return;
    const notification = readNotification(arrived.raw, arrived.at);
    this.#alive = notification.state.name !== 'terminated';
    if (notification.state.expires !== undefined) this.#refreshWithin(notification.state.expires);
    this.#inbox.push(notification);
  }

  /** What comes before the next refresh is due; undefined when it is due. */
  async #untilRefresh(scope: Scope): Promise<Arrival<Notification> | undefined> {
    const { clock } = this.#requests;
    if (!this.#alive || this.#ending || this.#refreshAt === Number.POSITIVE_INFINITY) return this.#inbox.next(scope);
    const due = new AbortController();
    const stop = clock.after(Math.max(this.#refreshAt - clock.monotonic(), 0), () => due.abort());
    const bounded: Scope = {
      signal: AbortSignal.any([scope.signal, due.signal]),
      exclude: (ms) => scope.exclude(ms),
      observe: (facts) => scope.observe(facts),
      warn: (warning) => scope.warn(warning),
    };
    const arrival = await this.#inbox.next(bounded);
    stop();
    const refresh = arrival.kind === 'timeout' && !scope.signal.aborted && this.#alive;
    return refresh ? undefined : arrival;
  }

  /** SUBSCRIBE in the dialog: a refresh, or with 0 its end (RFC 6665 sections 4.1.2.2 and 4.1.2.3). */
  #resubscribe(seconds: number, scope: Scope): Promise<SipAnswer> {
    const dialog = this.#dialog;
    if (!dialog) throw new Error('no NOTIFY has made a dialog yet');
    return this.#requests.authenticated('SUBSCRIBE', dialog.remoteTarget.toRaw(), (credentials) =>
      this.#send((delegate) => {
        dialog.subscribe(delegate, { extraHeaders: [...this.#headers(seconds), ...credentials] });
      }, scope),
    );
  }

  #send(start: (delegate: OutgoingRequestDelegate) => void, scope: Scope): Promise<SipAnswer> {
    return this.#requests.exchange.send({ callId: this.#callId, start }, scope);
  }

  #headers(seconds: number): string[] {
    return ['Event: presence', 'Accept: application/pidf+xml', `Expires: ${seconds}`, `Contact: <${this.#contactUri}>`];
  }

  #schedule(answer: SipAnswer): void {
    if (answer.kind !== 'response' || !isSuccess(answer)) return;
    const granted = Number(headerValue(answer.message, 'expires') ?? this.#seconds);
    this.#refreshAt = Number.POSITIVE_INFINITY;
    this.#refreshWithin(Number.isInteger(granted) ? granted : this.#seconds);
  }

  /** At half of the lifetime, as then a lost refresh could be seen in time. */
  #refreshWithin(seconds: number): void {
    const ms = Math.max(seconds * 500, shortestRefreshMs);
    this.#refreshAt = Math.min(this.#refreshAt, this.#requests.clock.monotonic() + ms);
  }
}

function isSuccess(answer: SipAnswer): boolean {
  return answer.kind === 'response' && answer.status >= 200 && answer.status < 300;
}
