import type { IncomingRequest } from 'sip.js/lib/core/index.js';
import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import type { Account } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { Connection } from '../net/startTls.js';
import type { SipAnswer } from './answer.js';
import { answerChallenges, askLifetime } from './answerChallenges.js';
import type { Registrant, Registration } from './diagnoseRegister.js';
import { DigestSession } from './digestSession.js';
import { SipExchange } from './exchange.js';
import type { Arrived } from './exchangeEvents.js';
import { type ReceivedMessage, readReceivedMessage } from './im/receivedMessage.js';
import { type Arrival, type ConnectionEnd, Inbox } from './inbox.js';
import { EventPublication, type PresencePublication } from './presence/publication.js';
import { PresenceDialog, type PresenceSubscription } from './presence/subscription.js';
import { headerValue, type RawMessage } from './rawMessage.js';
import { AccountRequests } from './requests.js';
import { hostPortOf, toUri } from './sipCore.js';
import type { Trace } from './trace.js';

/** A user agent for one account on one connection. */
export interface SipUserAgent extends Registrant {
  /** `sip.contoso.com at 192.0.2.10:443`, for error texts. */
  readonly peer: string;
  /** Sends `text` to a SIP address as MESSAGE (RFC 3428). Throws a `ProbeError` of layer `auth`; every other answer is returned. */
  sendMessage(to: string, text: string, scope: Scope): Promise<SipAnswer>;
  /** The next MESSAGE that reached this user agent, in order; each was answered 200, or 415 when it is no text. */
  nextMessage(scope: Scope): Promise<Arrival<ReceivedMessage>>;
  /** Those that came and that nobody took yet. */
  readonly unreadMessages: readonly ReceivedMessage[];
  /** A subscription to the presence of a SIP address; nothing is sent yet. */
  openSubscription(presentity: string): PresenceSubscription;
  /** A publication of the account's own presence; nothing is sent yet. */
  openPublication(): PresencePublication;
}

export interface UserAgentOptions {
  readonly account: Account;
  readonly sipDomain: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Text from a cryptographic source, letters and digits only, `length` long. */
  readonly token: (length: number) => string;
  readonly trace?: Trace | undefined;
}

/** Opens the user agent; nothing is sent yet. */
export function openUserAgent(connection: Connection, options: UserAgentOptions): SipUserAgent {
  return new DigestUserAgent(connection, options);
}

class DigestUserAgent implements SipUserAgent {
  readonly peer: string;
  readonly #account: Account;
  readonly #registrar: string;
  readonly #contact: { readonly user: string; readonly uri: string };
  readonly #exchange: SipExchange;
  readonly #digest: DigestSession;
  readonly #requests: AccountRequests;
  readonly #messages: Inbox<ReceivedMessage>;
  readonly #subscriptions: PresenceDialog[] = [];
  readonly #callId: string;
  readonly #fromTag: string;
  #cseq = 0;
  #mayBeRegistered = false;

  constructor(connection: Connection, options: UserAgentOptions) {
    const { account, sipDomain, token, clock, trace } = options;
    const localAddress = hostPortOf(connection);
    const user = `probe-${token(12)}`;
    const uri = `sip:${user}@${localAddress};transport=${connection.protocol.toLowerCase()}`;
    const identity = { sipAddress: account.sipAddress, contactUri: uri, localAddress, userAgent: options.userAgent };
    this.peer = connection.peer;
    this.#account = account;
    this.#registrar = `sip:${sipDomain}`;
    this.#contact = { user, uri };
    this.#exchange = new SipExchange(connection, identity, clock, trace, {
      onMessage: (request, arrived) => this.#receive(request, arrived),
      onUnmatched: (raw) => this.#noteUnmatched(raw),
      onEnd: (end) => this.#end(end),
    });
    this.#requests = new AccountRequests(this.#exchange, account, clock, token);
    this.#messages = new Inbox(clock, () => this.#exchange.pendingBytes);
    this.#digest = new DigestSession(account, () => token(16));
    this.#callId = token(24);
    this.#fromTag = token(10);
  }

  get mayBeRegistered(): boolean {
    return this.#mayBeRegistered;
  }

  get unreadMessages(): readonly ReceivedMessage[] {
    return this.#messages.unread;
  }

  async register({ expires }: { readonly expires: number }, scope: Scope): Promise<Registration> {
    if (expires > 0) this.#mayBeRegistered = true;
    const answer = await askLifetime(expires, (seconds) => this.#registerFor(seconds, scope));
    return this.#conclude(answer, expires, scope);
  }

  sendMessage(to: string, text: string, scope: Scope): Promise<SipAnswer> {
    const body = { contentType: 'text/plain;charset=UTF-8', content: text };
    return this.#requests.send({ method: 'MESSAGE', uri: to, headers: [], body }, scope);
  }

  nextMessage(scope: Scope): Promise<Arrival<ReceivedMessage>> {
    return this.#messages.next(scope);
  }

  openSubscription(presentity: string): PresenceSubscription {
    const subscription = new PresenceDialog(this.#requests, presentity, this.#contact.uri);
    this.#subscriptions.push(subscription);
    return subscription;
  }

  openPublication(): PresencePublication {
    return new EventPublication(this.#requests);
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.close();
    this.#exchange.close();
  }

  /** RFC 3428 section 7: what is no text is answered 415. It is kept all the same: somebody may look for it. */
  #receive(request: IncomingRequest, { raw, at }: Arrived): void {
    const message = readReceivedMessage(raw, at);
    if (message.contentType?.startsWith('text/')) request.accept();
    else request.reject({ statusCode: 415, extraHeaders: ['Accept: text/plain'] });
    this.#messages.push(message);
  }

  #noteUnmatched(raw: RawMessage): void {
    if (!raw.startLine.startsWith('NOTIFY ')) return;
    for (const subscription of this.#subscriptions) subscription.noteUnmatched();
  }

  #end(end: ConnectionEnd): void {
    this.#messages.end(end);
    for (const subscription of this.#subscriptions) subscription.end(end);
  }

  async #registerFor(seconds: number, scope: Scope): Promise<SipAnswer> {
    try {
      return await answerChallenges(this.#digest, 'REGISTER', this.#registrar, (credentials) =>
        this.#send(seconds, credentials, scope),
      );
    } catch (error) {
      // Refused credentials bind nothing.
      if (error instanceof ProbeError) this.#mayBeRegistered = false;
      throw error;
    }
  }

  #conclude(answer: SipAnswer, expires: number, scope: Scope): Registration {
    if (answer.kind === 'response') {
      const accepted = answer.status < 300;
      // A hop that waited in vain (408, 504) does not know whether the registrar behind it took the binding.
      const undecided = answer.status === 408 || answer.status === 504;
      if (accepted ? expires === 0 : expires > 0 && !undecided) this.#mayBeRegistered = false;
      const unproven = accepted ? this.#digest.checkServer(answer) : undefined;
      if (unproven) throw new ProbeError(unproven);
      if (accepted && expires > 0 && !this.#digest.challenged) {
        scope.warn({
          code: 'AUTH_NOT_DEMANDED',
          message: `${this.peer} answered ${answer.status} without a challenge`,
        });
      }
      const server = headerValue(answer.message, 'server');
      if (server !== undefined) scope.observe({ registrar: server });
    }
    return { answer, peer: this.peer, contactMark: `sip:${this.#contact.user}@` };
  }

  /** All REGISTERs of a user agent share Call-ID and From tag, with a rising CSeq (RFC 3261 section 10.2). */
  #send(expires: number, credentials: readonly string[], scope: Scope): Promise<SipAnswer> {
    this.#cseq += 1;
    const user = toUri(this.#account.sipAddress);
    const headers = [`Contact: <${this.#contact.uri}>`, `Expires: ${expires}`, ...credentials];
    const options = { callId: this.#callId, fromTag: this.#fromTag, cseq: this.#cseq };
    const { core } = this.#exchange;
    const message = core.makeOutgoingRequestMessage('REGISTER', toUri(this.#registrar), user, user, options, headers);
    return this.#exchange.request(message, scope);
  }
}
