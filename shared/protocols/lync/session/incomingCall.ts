import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer } from '../../sip/answer.js';
import { type Arrival, type ConnectionEnd, Inbox } from '../../sip/inbox.js';
import { headerValue, headerValues, type RawMessage } from '../../sip/rawMessage.js';
import { type DialogRequest, LyncDialog, type SessionDialog } from './dialog.js';
import type { LyncLine } from './line.js';
import type { ReceivedRequest } from './receivedRequest.js';
import { type Remote, remoteOfRequest } from './remote.js';

/** A session that we are invited to. */
export interface IncomingCall {
  /** Undefined until it rings. */
  readonly dialog: SessionDialog | undefined;
  /** Does it ring, or was it accepted, without having been ended? */
  readonly alive: boolean;
  /** The INVITE, answered 180 when it came. Throws a `ProbeError` when a message came that must not be believed. */
  rung(scope: Scope): Promise<Arrival<ReceivedRequest>>;
  /** 200. Only while it rings. */
  accept(answer: DialogRequest): void;
  /** BYE, or 480 while it rings. Undefined where nothing is left to be answered. */
  end(scope: Scope): Promise<SipAnswer | undefined>;
  close(): void;
}

/** The first INVITE that `isOurs` is taken, every other one is answered 486. */
export class LyncIncomingCall implements IncomingCall {
  readonly #line: LyncLine;
  readonly #isOurs: (invite: RawMessage) => boolean;
  readonly #rung: Inbox<ReceivedRequest>;
  readonly #leave: () => void;
  #ringing: ReceivedRequest | undefined;
  #dialog: LyncDialog | undefined;
  #toTag = '';

  constructor(line: LyncLine, isOurs: (invite: RawMessage) => boolean) {
    this.#line = line;
    this.#isOurs = isOurs;
    this.#rung = new Inbox(line.clock, () => line.exchange.pendingBytes);
    const onEnd = (end: ConnectionEnd) => this.#rung.end(end);
    this.#leave = line.host({ onRequest: (request) => this.#receive(request), onEnd });
  }

  get dialog(): LyncDialog | undefined {
    return this.#dialog;
  }

  get alive(): boolean {
    return this.#dialog?.alive === true;
  }

  rung(scope: Scope): Promise<Arrival<ReceivedRequest>> {
    return this.#line.next(this.#rung, scope);
  }

  accept({ headers = [], body }: DialogRequest): void {
    const invite = this.#ringing;
    if (!invite) throw new Error('nothing rings');
    this.#ringing = undefined;
    invite.reply(200, { toTag: this.#toTag, headers: [...this.#dialogHeaders(invite.raw), ...headers], body });
  }

  async end(scope: Scope): Promise<SipAnswer | undefined> {
    if (this.#refuse(480)) this.#dialog?.close();
    return this.#dialog?.alive ? this.#dialog.bye(scope) : undefined;
  }

  close(): void {
    this.#leave();
    this.#dialog?.close();
  }

  /** Answers what still rings; false where nothing does. */
  #refuse(status: 480 | 487): boolean {
    const ringing = this.#ringing;
    this.#ringing = undefined;
    ringing?.reply(status, { toTag: this.#toTag });
    return ringing !== undefined;
  }

  #receive(request: ReceivedRequest): void {
    const remote = remoteOfRequest(request.raw);
    if (!remote) request.reply(400);
    else if (this.#dialog || !this.#isOurs(request.raw)) request.reply(486);
    else this.#ring(request, remote);
  }

  #ring(request: ReceivedRequest, remote: Remote): void {
    const { raw } = request;
    const [to = '', callId = ''] = ['to', 'call-id'].map((name) => headerValue(raw, name));
    const epid = /;[ \t]*epid=/i.test(to) ? '' : `;epid=${this.#line.endpoint.epid}`;
    this.#toTag = `${this.#line.hex(5)}${epid}`;
    const onCancel = () => this.#refuse(487);
    this.#dialog = new LyncDialog(this.#line, { callId, from: `${to};tag=${this.#toTag}`, onCancel });
    this.#dialog.establish(remote);
    this.#ringing = request;
    request.reply(180, { toTag: this.#toTag, headers: this.#dialogHeaders(raw) });
    this.#rung.push(request);
  }

  /** RFC 3261 section 12.1.1: the way stays what it was for every later request. */
  #dialogHeaders(invite: RawMessage): string[] {
    const routes = headerValues(invite, 'record-route').map((value) => `Record-Route: ${value}`);
    return [...routes, this.#line.contactHeader(), 'Supported: ms-sender'];
  }
}
