import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer, SipResponse } from '../../sip/answer.js';
import { headerValue } from '../../sip/rawMessage.js';
import type { WrittenRequest } from '../../sip/writtenRequest.js';
import { type DialogRequest, LyncDialog, type SessionDialog } from './dialog.js';
import type { LineRequest, LyncLine } from './line.js';
import { remoteOfResponse } from './remote.js';

/** A session that we invite to. */
export interface OutgoingCall {
  /** What is sent and heard in it once it is established. */
  readonly dialog: SessionDialog;
  /** May the other side hold a session of ours, or be ringing? */
  readonly alive: boolean;
  /** Sends the INVITE and waits for nothing. */
  start(offer: DialogRequest, scope: Scope): void;
  /** Resolves when the answer is there, whatever it is. */
  readonly settled: Promise<void>;
  /**
   * The final answer, acknowledged; may be asked for again. Throws a `ProbeError` of layer `auth`. After a timeout nothing is known: a
   * 200 that comes later is not acknowledged any more.
   */
  answered(scope: Scope): Promise<SipAnswer>;
  /** BYE; before it was answered CANCEL. Undefined where there is nothing to end. */
  end(scope: Scope): Promise<SipAnswer | undefined>;
  close(): void;
}

/** An INVITE on the way, as CANCEL and ACK repeat it. */
interface Sent {
  readonly invite: WrittenRequest;
  readonly branch: string;
}

/** An INVITE client (RFC 3261 sections 13.2 and 17.1.1). It waits longer than the step that began it: the answer may belong to the next. */
export class LyncOutgoingCall implements OutgoingCall {
  readonly dialog: LyncDialog;
  readonly settled: Promise<void>;
  readonly #line: LyncLine;
  readonly #uri: string;
  readonly #patience = new AbortController();
  #settle = () => {};
  #scope: Scope | undefined;
  #sent: Sent | undefined;
  #answer: Promise<SipAnswer> | undefined;
  #state: 'idle' | 'inviting' | 'over' = 'idle';

  constructor(line: LyncLine, uri: string) {
    const { callId, fromTag } = line.newIdentity();
    this.#line = line;
    this.#uri = uri;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.dialog = new LyncDialog(line, { callId, from: line.fromHeader(fromTag) });
  }

  get alive(): boolean {
    return this.#state === 'inviting' || this.dialog.alive;
  }

  start(offer: DialogRequest, scope: Scope): void {
    this.#scope = scope;
    this.#state = 'inviting';
    const invite = this.dialog.plan('INVITE', this.#uri, offer);
    this.#answer = this.#ask(invite);
    // Whoever asks is told; until then nobody is there to hear that it failed.
    this.#answer.then(this.#settle, this.#settle);
  }

  async answered(scope: Scope): Promise<SipAnswer> {
    if (!this.#answer) throw new Error('nothing was sent yet');
    this.#scope = scope;
    const giveUp = () => this.#patience.abort(scope.signal.reason);
    if (scope.signal.aborted) giveUp();
    scope.signal.addEventListener('abort', giveUp, { once: true });
    try {
      const answer = await this.#answer;
      this.#line.report(answer, scope);
      return answer;
    } finally {
      scope.signal.removeEventListener('abort', giveUp);
    }
  }

  async end(scope: Scope): Promise<SipAnswer | undefined> {
    this.#scope = scope;
    if (this.#state === 'inviting') await this.#cancel(scope);
    return this.dialog.alive ? this.dialog.bye(scope) : undefined;
  }

  close(): void {
    this.#patience.abort();
    this.dialog.close();
  }

  async #ask(invite: LineRequest): Promise<SipAnswer> {
    const answer = await this.#line.askBy((written) => this.#invite(written), invite, this.#lasting());
    if (answer.kind !== 'timeout') this.#state = 'over';
    return answer;
  }

  async #invite(invite: WrittenRequest): Promise<SipAnswer> {
    const branch = this.#line.newBranch();
    this.#sent = { invite, branch };
    return this.#conclude(await this.#line.exchange.ask(invite, branch, this.#lasting()), this.#sent);
  }

  /** RFC 3261 section 9.1: only what is being worked on can be cancelled, and the INVITE is answered all the same. */
  async #cancel(scope: Scope): Promise<void> {
    this.#patience.abort();
    const answer = await this.#answer?.catch(() => undefined);
    const sent = this.#sent;
    if (!sent || answer?.kind !== 'timeout' || answer.provisional === undefined) return;
    const { exchange } = this.#line;
    const { invite, branch } = sent;
    const cancel = { ...invite, method: 'CANCEL', headers: [], body: undefined };
    const waiting = { callId: invite.callId, transaction: `${branch} INVITE` };
    this.#conclude(await exchange.send({ ...waiting, start: () => exchange.tell(cancel, branch) }, scope), sent);
    this.#state = 'over';
  }

  #conclude(answer: SipAnswer, sent: Sent): SipAnswer {
    if (answer.kind === 'response') this.#acknowledge(answer, sent);
    return answer;
  }

  /**
   * A refusal is acknowledged in the INVITE's own SIP transaction (section 17.1.1.3), a 2xx by a request of the dialog (section 13.2.2.4).
   * Credentials of the INVITE are repeated, for nobody can ask for them (section 22.1); a signature is made anew.
   */
  #acknowledge({ status, message }: SipResponse, { invite, branch }: Sent): void {
    const { exchange } = this.#line;
    const headers = invite.headers.filter((line) => /^(?:proxy-)?authorization:/i.test(line));
    if (status < 300) {
      this.dialog.establish(remoteOfResponse(message, this.#uri));
      const ack = this.dialog.plan('ACK', this.#uri, { headers });
      exchange.tell({ ...ack, cseq: invite.cseq }, this.#line.newBranch());
    } else {
      const to = headerValue(message, 'to') ?? invite.to;
      exchange.tell({ ...invite, method: 'ACK', to, headers, body: undefined }, branch);
    }
  }

  /** The scope of whichever step waits for the answer. */
  #lasting(): Scope {
    return {
      signal: this.#patience.signal,
      exclude: (ms) => this.#scope?.exclude(ms),
      observe: (facts) => this.#scope?.observe(facts),
      warn: (warning) => this.#scope?.warn(warning),
    };
  }
}
