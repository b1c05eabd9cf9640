import { Socket } from 'node:net';
import type { Connection } from '../../shared/protocols/net/startTls.js';
import { headerValue, headerValues, type RawMessage, readMessage } from '../../shared/protocols/sip/rawMessage.js';

/** A connection without a network: what is written is kept, and the test says what comes. */
export class ScriptedSocket {
  readonly connection: Connection;
  /** Every message that went out, in order. */
  readonly sent: RawMessage[] = [];
  /** Called with each message as it goes out. */
  onSent: (message: RawMessage) => void = () => {};
  readonly #socket = new Socket();

  constructor() {
    this.#socket.write = (chunk: unknown) => {
      const message = readMessage(String(chunk));
      this.sent.push(message);
      this.onSent(message);
      return true;
    };
    const close = () => void this.#socket.destroy();
    this.connection = { socket: this.#socket, protocol: 'TLS', peer: 'sip.contoso.com at 192.0.2.10:443', close };
  }

  /** The message of that method that went out last. */
  last(method: string): RawMessage {
    const found = this.sent.findLast(({ startLine }) => startLine.startsWith(`${method} `));
    if (!found) throw new Error(`no ${method} went out`);
    return found;
  }

  /** A message arrives. */
  receive(text: string): void {
    this.#socket.emit('data', Buffer.from(text));
  }

  /** The other side answers a request; `toTag` where its To has no tag. */
  answer(request: RawMessage, status: string, toTag = '', ...more: readonly string[]): void {
    const copied = ['via', 'from', 'call-id', 'cseq'].flatMap((name) =>
      headerValues(request, name).map((value) => `${name}: ${value}`),
    );
    const to = `to: ${headerValue(request, 'to')}${toTag === '' ? '' : `;tag=${toTag}`}`;
    this.receive(written([`SIP/2.0 ${status}`, ...copied, to], more));
  }

  /** The other side closes. */
  end(): void {
    this.#socket.emit('close');
  }
}

/** A message of these lines; what begins with `body: ` is its body. */
export function written(head: readonly string[], more: readonly string[]): string {
  const body = more.filter((line) => line.startsWith('body: ')).map((line) => line.slice('body: '.length));
  const content = body.join('\r\n');
  const fields = more.filter((line) => !line.startsWith('body: '));
  return `${[...head, ...fields, `Content-Length: ${Buffer.byteLength(content)}`].join('\r\n')}\r\n\r\n${content}`;
}
