import type { Clock } from '../../../domain/clock.js';
import { fail } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { Connection } from '../../net/startTls.js';
import type { SipAnswer } from '../../sip/answer.js';
import { DigestSession } from '../../sip/digestSession.js';
import { SipExchange } from '../../sip/exchange.js';
import type { Arrived, ExchangeEvents } from '../../sip/exchangeEvents.js';
import type { Arrival, Inbox } from '../../sip/inbox.js';
import type { PlannedRequest } from '../../sip/requests.js';
import type { Trace } from '../../sip/trace.js';
import type { WrittenRequest } from '../../sip/writtenRequest.js';
import { nameOf, proofOf } from '../association.js';
import { LyncAuthentication } from '../lyncAuthentication.js';
import { askSigned } from './askSigned.js';
import { Distrust } from './distrust.js';
import { EndpointNames, type NamingOptions } from './endpointNames.js';
import { type LineListener, Listeners } from './listeners.js';
import { receivedRequest } from './receivedRequest.js';

export interface LineOptions extends NamingOptions {
  readonly clock: Clock;
  readonly trace?: Trace | undefined;
}

/** A request in or outside of a dialog; its number is asked for anew when it has to be repeated after a challenge. */
export interface LineRequest extends Omit<WrittenRequest, 'cseq'> {
  readonly cseq: () => number;
}

/**
 * The endpoint of one account on one connection, on which REGISTER, single requests and dialogs are built: it sends, hands out what the
 * peer sends by Call-ID, and remembers what must not be believed until somebody can be told.
 */
export class LyncLine extends EndpointNames {
  readonly peer: string;
  readonly clock: Clock;
  readonly exchange: SipExchange;
  readonly authentication: LyncAuthentication;
  readonly #listeners: Listeners;
  readonly #distrust: Distrust;
  readonly #digest: DigestSession;
  #renew: (scope: Scope) => Promise<void> = () => Promise.resolve();

  constructor(connection: Connection, options: LineOptions) {
    super(connection, options);
    const { account, userAgent, clock, randomBytes, trace } = options;
    const { sipAddress, contactUri, localAddress } = this;
    this.peer = connection.peer;
    this.clock = clock;
    this.authentication = new LyncAuthentication({ account, randomBytes, now: () => clock.now() });
    const { guard } = this.authentication;
    this.#digest = new DigestSession(account, () => this.hex(8));
    this.#listeners = new Listeners(connection.peer);
    this.#distrust = new Distrust(() => guard.association?.dropped ?? []);
    const identity = { sipAddress, contactUri, localAddress, userAgent };
    const events: Partial<ExchangeEvents> = {
      onRequest: (arrived) => this.#receive(arrived),
      onUntrusted: (found, told) => {
        if (!told) this.#distrust.note(found);
      },
      onEnd: (end) => this.#listeners.end(end),
    };
    this.exchange = new SipExchange(connection, identity, clock, trace, events, guard);
  }

  /** How to sign in anew when the server forgot that it had happened. */
  renewWith(renew: (scope: Scope) => Promise<void>): void {
    this.#renew = renew;
  }

  /**
   * Sends a request, signed, and waits for its final answer. Throws a `ProbeError` of layer `auth` when the server does not take the
   * sign-in for one any more, or when a message came before that must not be believed; every other answer is returned.
   */
  async ask(request: LineRequest, scope: Scope): Promise<SipAnswer> {
    const answer = await this.askBy((written) => this.exchange.ask(written, this.newBranch(), scope), request, scope);
    this.report(answer, scope);
    return answer;
  }

  /** The same with another way to send; what came beside is not reported. */
  async askBy(
    send: (written: WrittenRequest) => Promise<SipAnswer>,
    request: LineRequest,
    scope: Scope,
  ): Promise<SipAnswer> {
    const { method, uri } = request;
    // Some addresses are a peer's: none may reach beyond its place in the message.
    if (!/^[a-z]+:[^\s<>"]+$/i.test(uri)) {
      fail('SIP_ANSWER_UNPARSABLE', {
        error: `${this.peer} named "${uri}" as an address for ${method}, which is none`,
      });
    }
    const { peer, authentication } = this;
    const renew = () => this.#renew(scope);
    const signed = (credentials: readonly string[]) =>
      send({ ...request, cseq: request.cseq(), headers: [...request.headers, ...credentials] });
    return this.marked(
      await askSigned({ method, uri, peer, authentication, digest: this.#digest, renew, send: signed }, scope),
    );
  }

  /** The same for a request of its own, outside of any dialog, to `uri`. */
  request(planned: PlannedRequest, scope: Scope): Promise<SipAnswer> {
    const { callId, fromTag } = this.newIdentity();
    const headers = [this.contactHeader(), ...planned.headers];
    const names = { from: this.fromHeader(fromTag), to: `<${planned.uri}>`, callId, cseq: counter() };
    return this.ask({ ...planned, ...names, headers }, scope);
  }

  /** A refusal without a signature is believed, for an Edge holds no key (MS-SIPAE 3.2.5), and marked. */
  marked(answer: SipAnswer): SipAnswer {
    if (answer.kind !== 'response' || answer.status < 300) return answer;
    const unsigned = this.authentication.guard.association !== undefined && !proofOf(answer.message);
    return unsigned ? { ...answer, unsigned } : answer;
  }

  /** Throws a `ProbeError` when, before the request with this answer or meanwhile, a message came that must not be believed. */
  report(answer: SipAnswer, scope: Scope): void {
    if (answer.kind === 'response' && answer.unsigned) scope.observe({ unsignedAnswers: [nameOf(answer.message)] });
    this.#distrust.tell(scope, answer.kind === 'timeout');
  }

  /** Hands what the peer sends under `callId` to `listener`, until the returned function is called. */
  listen(callId: string, listener: LineListener): () => void {
    return this.#listeners.listen(callId, listener);
  }

  /** Hands an INVITE that belongs to no dialog to `host`, until the returned function is called; without a host it is answered 480. */
  host(host: LineListener): () => void {
    return this.#listeners.host(host);
  }

  /**
   * The next item of an inbox that a listener fills. Throws a `ProbeError` when a message came, now or while nobody waited, that must
   * not be believed, or when nothing came but a request without a signature.
   */
  next<T extends { readonly at: number }>(inbox: Inbox<T>, scope: Scope): Promise<Arrival<T>> {
    return this.#distrust.watch(
      scope,
      (watched) => inbox.next(watched),
      (arrival) => arrival.kind === 'timeout',
    );
  }

  /** How many NOTIFY and BENOTIFY requests came that belong to nothing here. */
  get strayNotifications(): number {
    return this.#listeners.strayNotifications;
  }

  /** How many INFO requests came that belong to no dialog. */
  get strayInfos(): number {
    return this.#listeners.strayInfos;
  }

  /** Drops the connection and everything on it; may be called again. */
  close(): void {
    this.exchange.close();
  }

  #receive(arrived: Arrived): boolean {
    const found = this.#listeners.give(receivedRequest(this.exchange, arrived));
    if (found) this.#distrust.note(found);
    return true;
  }
}

/** 1, 2, 3 and so on. */
export function counter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}
