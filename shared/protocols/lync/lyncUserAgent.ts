import type { Clock } from '../../domain/clock.js';
import { type Diagnosis, ProbeError } from '../../domain/diagnosis.js';
import type { Account } from '../../domain/edge.js';
import type { Scope } from '../../domain/scope.js';
import type { Connection } from '../net/startTls.js';
import type { SipAnswer, SipResponse } from '../sip/answer.js';
import type { Registrant, Registration } from '../sip/diagnoseRegister.js';
import { SipExchange } from '../sip/exchange.js';
import { hostPortOf, toUri } from '../sip/sipCore.js';
import type { Trace } from '../sip/trace.js';
import { proofOf } from './association.js';
import { clockDifference } from './clockDifference.js';
import { diagnoseLync } from './diagnostics/diagnoseLync.js';
import { type Endpoint, toEndpoint } from './endpoint.js';
import { LyncAuthentication } from './lyncAuthentication.js';
import { readGranted, registerHeaders } from './registerRequest.js';

export interface LyncUserAgentOptions {
  readonly account: Account;
  readonly sipDomain: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Bytes from a cryptographic source. */
  readonly randomBytes: (length: number) => Buffer;
  readonly trace?: Trace | undefined;
}

/** A user agent of Lync and Skype for Business for one account on one connection; nothing is sent yet. */
export function openLyncUserAgent(connection: Connection, options: LyncUserAgentOptions): Registrant {
  return new LyncUserAgent(connection, options);
}

class LyncUserAgent implements Registrant {
  readonly peer: string;
  readonly #account: Account;
  readonly #registrar: string;
  readonly #clock: Clock;
  readonly #endpoint: Endpoint;
  readonly #contactUri: string;
  readonly #exchange: SipExchange;
  readonly #authentication: LyncAuthentication;
  readonly #callId: string;
  readonly #fromTag: string;
  #cseq = 0;
  #mayBeRegistered = false;

  constructor(connection: Connection, options: LyncUserAgentOptions) {
    const { account, sipDomain, userAgent, clock, randomBytes, trace } = options;
    const hex = (bytes: number) => randomBytes(bytes).toString('hex');
    const localAddress = hostPortOf(connection);
    this.peer = connection.peer;
    this.#account = account;
    this.#registrar = `sip:${sipDomain}`;
    this.#clock = clock;
    this.#endpoint = toEndpoint(account.sipAddress, userAgent);
    this.#contactUri = `sip:${localAddress};transport=${connection.protocol.toLowerCase()};ms-opaque=${hex(5)}`;
    this.#authentication = new LyncAuthentication({ account, randomBytes, now: () => clock.now() });
    const identity = { sipAddress: account.sipAddress, contactUri: this.#contactUri, localAddress, userAgent };
    this.#exchange = new SipExchange(connection, identity, clock, trace, {}, this.#authentication.guard);
    this.#callId = hex(16);
    this.#fromTag = `${hex(5)};epid=${this.#endpoint.epid}`;
  }

  get mayBeRegistered(): boolean {
    return this.#mayBeRegistered;
  }

  /** The registrar decides how long a binding lasts: of `expires` only 0, the removal, is sent. */
  async register({ expires }: { readonly expires: number }, scope: Scope): Promise<Registration> {
    const removal = expires === 0;
    if (!removal) this.#mayBeRegistered = true;
    const answer = await this.#authenticated(removal, scope);
    if (answer.kind === 'response') this.#conclude(answer, removal, scope);
    const { instance } = this.#endpoint;
    const request = removal ? 'REGISTER with Expires: 0' : 'REGISTER';
    const found = diagnoseLync(request, this.peer, answer);
    return { answer, peer: this.peer, contactMark: instance, explained: this.#marked(found, answer) };
  }

  close(): void {
    this.#exchange.close();
  }

  async #authenticated(removal: boolean, scope: Scope): Promise<SipAnswer> {
    let answer = await this.#send(removal, this.#authentication.credentials(this.#registrar), scope);
    while (answer.kind === 'response' && (answer.status === 401 || answer.status === 407)) {
      const decision = this.#authentication.respond(answer, this.#registrar);
      if (decision.kind === 'refused') {
        // Refused credentials bind nothing.
        this.#mayBeRegistered = false;
        throw new ProbeError(decision.diagnosis);
      }
      answer = await this.#send(removal, decision.headers, scope);
    }
    return answer;
  }

  #conclude(answer: SipResponse, removal: boolean, scope: Scope): void {
    const accepted = answer.status < 300;
    // A hop that waited in vain (408, 504) does not know whether the registrar behind it took the binding.
    const undecided = answer.status === 408 || answer.status === 504;
    if (accepted ? removal : !removal && !undecided) this.#mayBeRegistered = false;
    this.#observe(answer, scope);
    if (!accepted) return;
    const unproven = this.#authentication.checkServer(answer);
    if (unproven) throw new ProbeError(unproven);
    const said = `${this.peer} answered ${answer.status}`;
    if (!removal && this.#authentication.scheme === undefined) {
      scope.warn({ code: 'AUTH_NOT_DEMANDED', message: `${said} without a challenge` });
    }
    if (removal && this.#authentication.guard.association && !proofOf(answer.message)) {
      scope.warn({
        code: 'AUTH_MESSAGE_UNSIGNED',
        message: `${said} to the removal of the binding without a signature`,
      });
    }
  }

  #observe(answer: SipResponse, scope: Scope): void {
    const { association } = this.#authentication.guard;
    const { scheme } = this.#authentication;
    const granted = readGranted(answer.message, this.#endpoint);
    const difference = clockDifference(answer.message, this.#clock.now());
    const facts = {
      registrar: association?.agreement.names.targetName ?? granted.serverVersion,
      serverVersion: granted.serverVersion,
      authenticationScheme: scheme,
      signatureVersion: association?.agreement.version,
      userLogonData: granted.userLogonData,
      gruu: granted.gruu,
      expiresSeconds: granted.expiresSeconds,
      clockDifferenceSeconds: difference === undefined ? undefined : Math.round(difference / 1000),
      droppedUnsigned: association?.dropped.length ? association.dropped : undefined,
    };
    scope.observe(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)));
  }

  /** An Edge holds no key: what it refuses by itself is believed, and marked. */
  #marked(found: Diagnosis | undefined, answer: SipAnswer): Diagnosis | undefined {
    if (!found || answer.kind !== 'response') return found;
    if (!this.#authentication.guard.association || proofOf(answer.message)) return found;
    return { ...found, error: `${found.error} (unsigned)` };
  }

  /** All REGISTERs of a sign-in share Call-ID and From tag, with a rising CSeq (MS-SIPREGE 3.1). */
  #send(removal: boolean, credentials: readonly string[], scope: Scope): Promise<SipAnswer> {
    this.#cseq += 1;
    const user = toUri(this.#account.sipAddress);
    const headers = [...registerHeaders(this.#contactUri, this.#endpoint, removal), ...credentials];
    const options = { callId: this.#callId, fromTag: this.#fromTag, cseq: this.#cseq };
    const { core } = this.#exchange;
    const message = core.makeOutgoingRequestMessage('REGISTER', toUri(this.#registrar), user, user, options, headers);
    return this.#exchange.request(message, scope);
  }
}
