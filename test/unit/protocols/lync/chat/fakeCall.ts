import type { Scope } from '../../../../../shared/domain/scope.js';
import { limitOf } from '../../../../../shared/domain/scope.js';
import type { ChatCall } from '../../../../../shared/protocols/lync/chat/channel.js';
import type { ReceivedRequest } from '../../../../../shared/protocols/lync/session/receivedRequest.js';
import type { SipAnswer } from '../../../../../shared/protocols/sip/answer.js';
import { readMessage } from '../../../../../shared/protocols/sip/rawMessage.js';
import { response } from '../../../../fakes/fakePorts.js';

/** What is sent in a session. */
export interface Sent {
  readonly method: string;
  readonly body: string;
  readonly headers: readonly string[];
}

/** A session with a chat server that is played by the test. */
export class FakeCall {
  readonly sent: Sent[] = [];
  readonly unread: ReceivedRequest[] = [];
  alive = true;
  ended = false;
  /** The SIP answer to each request, 200 unless it says otherwise. */
  answer: (sent: Sent) => SipAnswer = () => response(200, 'OK');
  /** How long the answer to a request takes. */
  delay: () => Promise<void> = async () => {};
  /** What the server sends because of a request. */
  react: (sent: Sent) => void = () => {};
  #endedBy: ReceivedRequest | undefined;
  #wake = () => {};

  /** The server sends a document, or a request of another method. */
  receive(body: string, method = 'INFO', ...headers: string[]): void {
    const raw = readMessage([`${method} sip:pilar@contoso.com SIP/2.0`, ...headers, '', body].join('\r\n'));
    const request: ReceivedRequest = { method, raw, at: 0, reply: () => {} };
    if (method === 'BYE') {
      this.alive = false;
      this.#endedBy = request;
    }
    this.unread.push(request);
    this.#wake();
  }

  /** A reply to a command that was sent. */
  reply({ body }: Sent, code: number, text: string, data = ''): void {
    const [, envelope = ''] = /envid="(\d+)"/.exec(body) ?? [];
    const [, name = 'grpchat'] = /id="cmd:(\w+)"/.exec(body) ?? [];
    this.receive(
      document(
        `<rpl id="rpl:${name}" seqid="1"><commandid seqid="1" envid="${envelope}"/><resp code="${code}">${text}</resp><data>${data}</data></rpl>`,
      ),
    );
  }

  /** The session as a channel knows it. */
  get call(): ChatCall {
    const fake = this;
    return {
      dialog: {
        get alive() {
          return fake.alive;
        },
        get endedBy() {
          return fake.#endedBy?.raw;
        },
        unread: fake.unread,
        request: (method, { body, headers = [] }) => fake.#request({ method, body: body?.content ?? '', headers }),
        next: (scope) => fake.#next(scope),
      },
      async end() {
        fake.ended = true;
        fake.alive = false;
        return response(200, 'OK');
      },
      close: () => {
        fake.alive = false;
      },
    };
  }

  async #request(sent: Sent): Promise<SipAnswer> {
    this.sent.push(sent);
    await this.delay();
    const answer = this.answer(sent);
    this.react(sent);
    return answer;
  }

  async #next({ signal }: Scope) {
    if (this.unread.length === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    const item = this.unread.shift();
    return item
      ? ({ kind: 'item', item } as const)
      : ({ kind: 'timeout', limitMs: limitOf(signal), pendingBytes: 0 } as const);
  }
}

/** An envelope of the server. */
export function document(part: string): string {
  return `<xccos ver="1" envid="7962449779256945056" xmlns="urn:parlano:xml:ns:xccos">${part}</xccos>`;
}
