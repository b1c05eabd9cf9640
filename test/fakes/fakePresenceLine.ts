import type { Diagnosis } from '../../shared/domain/diagnosis.js';
import { ProbeError } from '../../shared/domain/diagnosis.js';
import type { Scope } from '../../shared/domain/scope.js';
import type { PresenceLine } from '../../shared/protocols/lync/presence/presenceLine.js';
import type { SipAnswer } from '../../shared/protocols/sip/answer.js';
import type { Arrival, Inbox } from '../../shared/protocols/sip/inbox.js';
import { readMessage } from '../../shared/protocols/sip/rawMessage.js';
import { response } from './fakePorts.js';
import { ManualClock } from './manualClock.js';

type Asked = Parameters<PresenceLine['ask']>[0];
type Listener = Parameters<PresenceLine['listen']>[1];

/** Answers a request, and may send notifications by `line.notify`. */
export type Script = (asked: Asked & { readonly number: number }, line: FakePresenceLine) => SipAnswer;

/** 200 with a body. */
export function responseWith(contentType: string, body: string, ...headers: string[]): SipAnswer {
  const answer = response(200, 'OK', `Content-Type: ${contentType}`, ...headers);
  if (answer.kind !== 'response') throw new Error('no response');
  return { ...answer, message: { ...answer.message, body } };
}

/** The line of sip:pilar@contoso.com to a server that follows a script. */
export class FakePresenceLine implements PresenceLine {
  readonly peer = 'sip.contoso.com at 192.0.2.10:443';
  readonly sipAddress = 'sip:pilar@contoso.com';
  readonly clock = new ManualClock();
  readonly exchange = { pendingBytes: 0 };
  readonly strayNotifications = 0;
  /** What was asked for: `SUBSCRIBE <Request-URI> <To>`. */
  readonly asked: Asked[] = [];
  /** What was replied: `NOTIFY 200`. The line itself lets no answer to a BENOTIFY out. */
  readonly replies: string[] = [];
  /** Told by the next wait. */
  distrusted: Diagnosis | undefined;
  readonly #script: Script;
  readonly #listeners = new Map<string, Listener>();
  #identities = 0;

  constructor(script: Script) {
    this.#script = script;
  }

  hex(bytes: number): string {
    return '0a'.repeat(bytes);
  }

  newIdentity() {
    this.#identities += 1;
    return { callId: `call${this.#identities}`, fromTag: `tag${this.#identities};epid=0123456789ab` };
  }

  fromHeader(fromTag: string): string {
    return `<${this.sipAddress}>;tag=${fromTag}`;
  }

  contactHeader(): string {
    return 'Contact: <sip:pilar@contoso.com;opaque=user:epid:x;gruu>';
  }

  async ask(request: Asked): Promise<SipAnswer> {
    this.asked.push(request);
    return this.#script({ ...request, number: request.cseq() }, this);
  }

  request(planned: Parameters<PresenceLine['request']>[0]): Promise<SipAnswer> {
    const { callId, fromTag } = this.newIdentity();
    return this.ask({ ...planned, from: this.fromHeader(fromTag), to: `<${planned.uri}>`, callId, cseq: () => 1 });
  }

  listen(callId: string, listener: Listener): () => void {
    this.#listeners.set(callId, listener);
    return () => this.#listeners.delete(callId);
  }

  async next<T extends { readonly at: number }>(inbox: Inbox<T>, scope: Scope): Promise<Arrival<T>> {
    if (this.distrusted) throw new ProbeError(this.distrusted);
    return inbox.next(scope);
  }

  /** The server sends a request under `callId`: `BENOTIFY` or another method, header fields, a body. */
  notify(
    callId: string,
    method: string,
    headers: readonly string[],
    body = '',
    toTag = callId.replace('call', 'tag'),
  ): void {
    const head = [
      `${method} sip:192.0.2.1:40000 SIP/2.0`,
      `To: <${this.sipAddress}>;tag=${toTag};epid=0123456789ab`,
      ...headers,
    ];
    const raw = readMessage(`${head.join('\r\n')}\r\n\r\n${body}`);
    const reply = (status: number) => void this.replies.push(`${method} ${status}`);
    this.#listeners.get(callId)?.onRequest({ method, raw, at: 0, reply });
  }

  /** The connection is gone. */
  end(): void {
    const end = { kind: 'connection-lost', cause: undefined, pendingBytes: 0 } as const;
    for (const listener of this.#listeners.values()) listener.onEnd(end);
  }
}
