import type { Clock } from '../../domain/clock.js';
import { ProbeError } from '../../domain/diagnosis.js';
import type { Account } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { Connection } from '../net/startTls.js';
import type { SipAnswer } from './answer.js';
import type { Registration } from './diagnoseRegister.js';
import { DigestSession } from './digestSession.js';
import { SipExchange } from './exchange.js';
import { headerValue } from './rawMessage.js';
import { toUri } from './sipCore.js';
import type { Trace } from './trace.js';

/** A user agent for one account on one connection. */
export interface SipUserAgent {
  /**
   * REGISTER with the digest the server asks for; `expires` 0 removes the binding (RFC 3261 section 10). Throws a
   * `ProbeError` of layer `auth`; every other answer is returned.
   */
  register(options: { readonly expires: number }, scope: Scope): Promise<Registration>;
  /** May the registrar hold a binding of ours? True from the moment a REGISTER went out until it was refused or removed. */
  readonly mayBeRegistered: boolean;
  close(): void;
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
  readonly #peer: string;
  readonly #account: Account;
  readonly #registrar: string;
  readonly #contact: { readonly user: string; readonly uri: string };
  readonly #exchange: SipExchange;
  readonly #digest: DigestSession;
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
    this.#peer = connection.peer;
    this.#account = account;
    this.#registrar = `sip:${sipDomain}`;
    this.#contact = { user, uri };
    this.#exchange = new SipExchange(connection, identity, clock, trace);
    this.#digest = new DigestSession(account, () => token(16));
    this.#callId = token(24);
    this.#fromTag = token(10);
  }

  get mayBeRegistered(): boolean {
    return this.#mayBeRegistered;
  }

  async register({ expires }: { readonly expires: number }, scope: Scope): Promise<Registration> {
    if (expires > 0) this.#mayBeRegistered = true;
    let answer = await this.#send(expires, this.#digest.credentials('REGISTER', this.#registrar), scope);
    while (answer.kind === 'response' && (answer.status === 401 || answer.status === 407)) {
      const decision = this.#digest.respond(answer, 'REGISTER', this.#registrar);
      if (decision.kind === 'refused') return this.#refuse(new ProbeError(decision.diagnosis));
      answer = await this.#send(expires, decision.headers, scope);
    }
    // RFC 3261 section 10.2.8: the registrar names the shortest time it grants.
    const shortest = briefest(answer, expires);
    if (shortest !== undefined) answer = await this.#send(shortest, this.#credentials(), scope);
    return this.#conclude(answer, expires, scope);
  }

  close(): void {
    this.#exchange.close();
  }

  #conclude(answer: SipAnswer, expires: number, scope: Scope): Registration {
    if (answer.kind === 'response') {
      const accepted = answer.status < 300;
      if (accepted ? expires === 0 : expires > 0) this.#mayBeRegistered = false;
      const unproven = accepted ? this.#digest.checkServer(answer) : undefined;
      if (unproven) throw new ProbeError(unproven);
      if (accepted && expires > 0 && !this.#digest.challenged) {
        scope.warn({
          code: 'AUTH_NOT_DEMANDED',
          message: `${this.#peer} answered ${answer.status} without a challenge`,
        });
      }
      const server = headerValue(answer.message, 'server');
      if (server !== undefined) scope.observe({ registrar: server });
    }
    return { answer, peer: this.#peer, contactUser: this.#contact.user };
  }

  #refuse(error: ProbeError): never {
    this.#mayBeRegistered = false;
    throw error;
  }

  #credentials(): string[] {
    return this.#digest.credentials('REGISTER', this.#registrar);
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

/** The `Min-Expires` of a 423, when it is more than was asked for and no more than an hour. */
function briefest(answer: SipAnswer, asked: number): number | undefined {
  if (answer.kind !== 'response' || answer.status !== 423) return undefined;
  const seconds = Number(headerValue(answer.message, 'min-expires'));
  return Number.isInteger(seconds) && seconds > asked && seconds <= 3600 ? seconds : undefined;
}

function hostPortOf(connection: Connection): string {
  const { localAddress = '127.0.0.1', localPort = 0 } = connection.socket;
  return localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}
