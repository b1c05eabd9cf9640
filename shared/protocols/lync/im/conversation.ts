import { fail, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { type ReceivedMessage, readReceivedMessage } from '../../sip/im/receivedMessage.js';
import type { Arrival } from '../../sip/inbox.js';
import type { SessionDialog } from '../session/dialog.js';
import type { ReceivedRequest } from '../session/receivedRequest.js';
import { diagnoseEnd, requireTaken } from './diagnoseSession.js';

/** One side of a session for messages: texts only, what clients exchange beside them is passed over. */
export class Conversation {
  /** Where this side is connected to, for error texts. */
  readonly peer: string;
  readonly #dialog: SessionDialog;

  constructor(dialog: SessionDialog, peer: string) {
    this.#dialog = dialog;
    this.peer = peer;
  }

  /** Those that came and that nobody took yet. */
  get unreadMessages(): readonly ReceivedMessage[] {
    return this.#dialog.unread.filter(isText).map(({ raw, at }) => readReceivedMessage(raw, at));
  }

  /** Sends a text to `other`, if that is ours too, and returns the status that it was taken with. Throws a `ProbeError` where it was not. */
  async send(text: string, other: Conversation | undefined, scope: Scope): Promise<number> {
    const body = { contentType: 'text/plain; charset=UTF-8', content: text };
    const answer = await this.#dialog.request('MESSAGE', { body }, scope);
    if (answer.kind === 'timeout' && other?.unreadMessages.some((message) => message.text === text)) {
      const error = `MESSAGE reached the other side, whose 200 did not come back through ${this.peer} within ${answer.limitMs} ms`;
      fail('IM_CONFIRMATION_LOST', { error });
    }
    return requireTaken(answer, this.#dialog, this.peer);
  }

  /** The next text. Throws a `ProbeError` when the other side ended the session, or a message came that must not be believed. */
  async nextMessage(scope: Scope): Promise<Arrival<ReceivedMessage>> {
    for (;;) {
      const { endedBy, unread } = this.#dialog;
      if (endedBy && unread.length === 0) throw new ProbeError(diagnoseEnd(endedBy, 'a message was awaited'));
      const arrival = await this.#dialog.next(scope);
      if (arrival.kind !== 'item') return arrival;
      const { item } = arrival;
      if (isText(item)) return { kind: 'item', item: readReceivedMessage(item.raw, item.at) };
    }
  }
}

function isText({ method, raw }: ReceivedRequest): boolean {
  return (
    method === 'MESSAGE' && raw.headers.some(({ name, value }) => name === 'content-type' && /^text\//i.test(value))
  );
}
