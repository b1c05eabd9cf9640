import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer } from '../../sip/answer.js';
import { type Arrival, type ConnectionEnd, Inbox } from '../../sip/inbox.js';
import { headerValue, headerValues, type RawMessage } from '../../sip/rawMessage.js';
import type { LineRequest, LyncLine } from './line.js';
import type { ReceivedRequest } from './receivedRequest.js';
import { type Remote, tagOf } from './remote.js';

/** What a dialog is begun with. */
export interface DialogNames {
  readonly callId: string;
  /** The value of From in our requests, with our tag and epid. */
  readonly from: string;
  /** Asked when the other side takes its INVITE back; true means that it was in time. */
  readonly onCancel?: () => boolean;
}

/** A request to be sent in a dialog. */
export interface DialogRequest {
  readonly headers?: readonly string[];
  readonly body?: { readonly contentType: string; readonly content: string };
}

/** A dialog as those who talk in it know it. */
export interface SessionDialog {
  /** Is it established, and was it ended by nobody? */
  readonly alive: boolean;
  /** The BYE or CANCEL of the other side. */
  readonly endedBy: RawMessage | undefined;
  /** What came and nobody took yet. */
  readonly unread: readonly ReceivedRequest[];
  /** Sends MESSAGE, INFO, UPDATE and the like. Only while `alive`. Throws a `ProbeError` of layer `auth`. */
  request(method: string, request: DialogRequest, scope: Scope): Promise<SipAnswer>;
  /**
   * The next request of the other side, in order: ACK, MESSAGE, INFO, UPDATE, BYE, CANCEL. Each was answered 200, or 415 where its
   * content is none for messages. Throws a `ProbeError` when a message came that must not be believed.
   */
  next(scope: Scope): Promise<Arrival<ReceivedRequest>>;
}

/**
 * A dialog of an INVITE, seen from one side (RFC 3261 section 12): requests in it, and what the other side sends in it. Its messages
 * are answered as they come; nothing of it has a timer.
 */
export class LyncDialog implements SessionDialog {
  readonly #line: LyncLine;
  readonly #names: DialogNames;
  readonly #inbox: Inbox<ReceivedRequest>;
  readonly #stopListening: () => void;
  #remote: Remote | undefined;
  #cseq = 0;
  #endedBy: RawMessage | undefined;
  #over = false;

  constructor(line: LyncLine, names: DialogNames) {
    this.#line = line;
    this.#names = names;
    this.#inbox = new Inbox(line.clock, () => line.exchange.pendingBytes);
    const onEnd = (end: ConnectionEnd) => {
      this.#over = true;
      this.#inbox.end(end);
    };
    this.#stopListening = line.listen(names.callId, { onRequest: (request) => this.#receive(request), onEnd });
  }

  get alive(): boolean {
    return this.#remote !== undefined && !this.#over;
  }

  get endedBy(): RawMessage | undefined {
    return this.#endedBy;
  }

  get unread(): readonly ReceivedRequest[] {
    return this.#inbox.unread;
  }

  /** The other side is known from now on. */
  establish(remote: Remote): void {
    this.#remote = remote;
  }

  /** A request in the dialog, or towards `uri` while there is none yet. */
  plan(method: string, uri: string, { headers = [], body }: DialogRequest = {}): LineRequest {
    const { callId, from } = this.#names;
    const { to = `<${uri}>`, target = uri, routes = [] } = this.#remote ?? {};
    const lines = [...routes, this.#line.contactHeader(), ...headers];
    const cseq = () => {
      this.#cseq += 1;
      return this.#cseq;
    };
    return { method, uri: target, from, to, callId, cseq, headers: lines, body };
  }

  request(method: string, request: DialogRequest, scope: Scope): Promise<SipAnswer> {
    return this.#line.ask(this.plan(method, '', request), scope);
  }

  /** BYE: it is over, whatever the answer is (RFC 3261 section 15.1.1). */
  bye(scope: Scope): Promise<SipAnswer> {
    this.#over = true;
    return this.#line.ask(this.plan('BYE', ''), scope);
  }

  next(scope: Scope): Promise<Arrival<ReceivedRequest>> {
    return this.#line.next(this.#inbox, scope);
  }

  /** Hears nothing any more. */
  close(): void {
    this.#over = true;
    this.#stopListening();
  }

  /** A CANCEL comes before the dialog does and has no tag in To; the other side's tag may be on its way still. */
  #isOurs(raw: RawMessage, method: string): boolean {
    if (method === 'CANCEL') return this.#names.onCancel !== undefined;
    const { tag } = this.#remote ?? {};
    const isTheirs = tag === undefined || tagOf(headerValue(raw, 'from')) === tag;
    return isTheirs && tagOf(headerValue(raw, 'to')) === tagOf(this.#names.from);
  }

  #receive(request: ReceivedRequest): void {
    const { method, raw } = request;
    if (!this.#isOurs(raw, method)) request.reply(481);
    else if (this.#over) request.reply(method === 'BYE' ? 200 : 481);
    else if (this.#answer(request)) this.#inbox.push(request);
  }

  /** Answers a request; true when it is one that somebody may wait for. */
  #answer(request: ReceivedRequest): boolean {
    const { method, raw } = request;
    switch (method) {
      case 'BYE':
      case 'CANCEL':
        return this.#beEnded(request);
      case 'MESSAGE':
        request.reply(takes(headerValue(raw, 'content-type')) ? 200 : 415);
        return true;
      case 'INFO':
      case 'ACK':
        request.reply(200);
        return true;
      case 'UPDATE':
        // RFC 4028 section 9: what is not repeated is not agreed to.
        request.reply(200, {
          headers: headerValues(raw, 'session-expires').map((value) => `Session-Expires: ${value}`),
        });
        return true;
      default:
        request.reply(method === 'OPTIONS' ? 200 : method === 'INVITE' ? 488 : 405);
        return false;
    }
  }

  /** RFC 3261 section 9.2: an INVITE that was answered is not cancelled any more. */
  #beEnded(request: ReceivedRequest): boolean {
    request.reply(200);
    if (request.method === 'CANCEL' && !this.#names.onCancel?.()) return false;
    this.#over = true;
    this.#endedBy = request.raw;
    return true;
  }
}

/** Text, and the notices that clients exchange beside it. */
function takes(contentType = ''): boolean {
  return /^(?:text\/|multipart\/alternative|application\/(?:im-iscomposing|ms-imdn)\+xml)/i.test(contentType);
}
