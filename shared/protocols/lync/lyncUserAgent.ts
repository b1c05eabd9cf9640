import { ProbeError } from '../../domain/diagnosis.js';
import type { Scope } from '../../domain/scope.js';
import type { Connection } from '../net/startTls.js';
import type { SipAnswer, SipResponse } from '../sip/answer.js';
import type { Registrant, Registration } from '../sip/diagnoseRegister.js';
import type { RawMessage } from '../sip/rawMessage.js';
import type { PlannedRequest } from '../sip/requests.js';
import { proofOf } from './association.js';
import { clockDifference } from './clockDifference.js';
import { diagnoseLync } from './diagnostics/diagnoseLync.js';
import { type LyncPresence, openLyncPresence } from './presence/lyncPresence.js';
import { readGranted, registerHeaders } from './registerRequest.js';
import { type IncomingCall, LyncIncomingCall } from './session/incomingCall.js';
import { type LineOptions, LyncLine } from './session/line.js';
import { LyncOutgoingCall, type OutgoingCall } from './session/outgoingCall.js';
import { type SessionDescription, writeSessionDescription } from './session/sessionDescription.js';

export interface LyncUserAgentOptions extends LineOptions {
  readonly sipDomain: string;
}

/** A user agent of Lync and Skype for Business for one account on one connection. */
export interface LyncUserAgent extends Registrant {
  /** `sip.contoso.com at 192.0.2.10:443`, for error texts. */
  readonly peer: string;
  /**
   * A request outside of any dialog (SERVICE, OPTIONS, MESSAGE), signed, with the account in From and its own address in Contact. Throws
   * a `ProbeError` of layer `auth`; every other answer is returned.
   */
  request(planned: PlannedRequest, scope: Scope): Promise<SipAnswer>;
  /** Presence of the account, once it is signed in; nothing is sent yet. */
  openPresence(): LyncPresence;
  /** A session with `uri`; nothing is sent yet. */
  openCall(uri: string): OutgoingCall;
  /** Takes the first INVITE from now on that `isOurs`. */
  expectCall(isOurs: (invite: RawMessage) => boolean): IncomingCall;
  /** How many INFO requests came so far that belong to no session. */
  readonly strayInfos: number;
  /** How this side describes a session for messages; `owner` is `null`, or the address of who accepts it. */
  describeSession(owner: string): SessionDescription;
}

/** Opens the user agent; nothing is sent yet. */
export function openLyncUserAgent(connection: Connection, options: LyncUserAgentOptions): LyncUserAgent {
  return new SignedUserAgent(new LyncLine(connection, options), options.sipDomain);
}

class SignedUserAgent implements LyncUserAgent {
  readonly #line: LyncLine;
  readonly #registrar: string;
  readonly #identity: ReturnType<LyncLine['newIdentity']>;
  readonly #calls: { close(): void }[] = [];
  #cseq = 0;
  #mayBeRegistered = false;
  #takesBatches = false;

  constructor(line: LyncLine, sipDomain: string) {
    this.#line = line;
    this.#registrar = `sip:${sipDomain}`;
    this.#identity = line.newIdentity();
    line.renewWith((scope) => this.#renew(scope));
  }

  get peer(): string {
    return this.#line.peer;
  }

  get strayInfos(): number {
    return this.#line.strayInfos;
  }

  get mayBeRegistered(): boolean {
    return this.#mayBeRegistered;
  }

  /** The registrar decides how long a binding lasts: of `expires` only 0, the removal, is sent. */
  async register({ expires }: { readonly expires: number }, scope: Scope): Promise<Registration> {
    const removal = expires === 0;
    if (!removal) this.#mayBeRegistered = true;
    const answer = this.#line.marked(await this.#authenticated(removal, scope));
    if (answer.kind === 'response') this.#conclude(answer, removal, scope);
    this.#line.report(answer, scope);
    const { instance } = this.#line.endpoint;
    const request = removal ? 'REGISTER with Expires: 0' : 'REGISTER';
    const explained = diagnoseLync(request, this.peer, answer);
    return { answer, peer: this.peer, contactMark: instance, explained };
  }

  request(planned: PlannedRequest, scope: Scope): Promise<SipAnswer> {
    return this.#line.request(planned, scope);
  }

  openPresence(): LyncPresence {
    return openLyncPresence(this.#line, this.#takesBatches);
  }

  openCall(uri: string): OutgoingCall {
    const call = new LyncOutgoingCall(this.#line, uri);
    this.#calls.push(call);
    return call;
  }

  expectCall(isOurs: (invite: RawMessage) => boolean): IncomingCall {
    const call = new LyncIncomingCall(this.#line, isOurs);
    this.#calls.push(call);
    return call;
  }

  describeSession(owner: string): SessionDescription {
    return writeSessionDescription(this.#line.localAddress, owner);
  }

  close(): void {
    for (const call of this.#calls) call.close();
    this.#line.close();
  }

  /** The server forgot the sign-in: all legs once more, on the same connection. */
  async #renew(scope: Scope): Promise<void> {
    const answer = this.#line.marked(await this.#authenticated(false, scope));
    if (answer.kind === 'response') this.#conclude(answer, false, scope);
    const found = diagnoseLync('REGISTER', this.peer, answer);
    if (found) throw new ProbeError(found);
  }

  async #authenticated(removal: boolean, scope: Scope): Promise<SipAnswer> {
    let answer = await this.#send(removal, this.#line.authentication.credentials(this.#registrar), scope);
    while (answer.kind === 'response' && (answer.status === 401 || answer.status === 407)) {
      const decision = this.#line.authentication.respond(answer, this.#registrar);
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
    const unproven = this.#line.authentication.checkServer(answer);
    if (unproven) throw new ProbeError(unproven);
    const said = `${this.peer} answered ${answer.status}`;
    if (!removal && this.#line.authentication.scheme === undefined) {
      scope.warn({ code: 'AUTH_NOT_DEMANDED', message: `${said} without a challenge` });
    }
    if (removal && this.#line.authentication.guard.association && !proofOf(answer.message)) {
      scope.warn({
        code: 'AUTH_MESSAGE_UNSIGNED',
        message: `${said} to the removal of the binding without a signature`,
      });
    }
  }

  #observe(answer: SipResponse, scope: Scope): void {
    const { association } = this.#line.authentication.guard;
    const { scheme } = this.#line.authentication;
    const granted = readGranted(answer.message, this.#line.endpoint);
    this.#line.learnGruu(granted.gruu);
    this.#takesBatches ||= granted.takesBatches;
    const difference = clockDifference(answer.message, this.#line.clock.now());
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

  /** All REGISTERs of a sign-in share Call-ID and From tag, with a rising CSeq (MS-SIPREGE 3.1). */
  #send(removal: boolean, credentials: readonly string[], scope: Scope): Promise<SipAnswer> {
    this.#cseq += 1;
    const { exchange, sipAddress, contactUri, endpoint } = this.#line;
    const register = {
      method: 'REGISTER',
      uri: this.#registrar,
      from: this.#line.fromHeader(this.#identity.fromTag),
      to: `<${sipAddress}>`,
      callId: this.#identity.callId,
      cseq: this.#cseq,
      headers: [...registerHeaders(contactUri, endpoint, removal), ...credentials],
    };
    return exchange.ask(register, this.#line.newBranch(), scope);
  }
}
