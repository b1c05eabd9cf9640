import { diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { endedEarly } from '../session/endedEarly.js';
import type { ChatChannel } from './channel.js';
import { judgeText, type PostedText } from './chatText.js';
import { diagnoseRefusal } from './diagnoseChat.js';
import type { Reply } from './envelope.js';

/** A message on its way. */
export interface OnItsWay extends PostedText {
  /** Resolves with the refusal that comes after the server took it, or when the scope ends; of a message of ours alone. */
  readonly refusal?: (scope: Scope) => Promise<Reply | undefined>;
}

/**
 * Waits until `posted` reaches the user of `receiver`, as it was written and in its author's name; meanwhile listens whether it is
 * refused after all. What others write is passed over. Throws a `ProbeError` of layer `chat`.
 */
export async function awaitText(receiver: ChatChannel, posted: OnItsWay, scope: Scope): Promise<void> {
  const over = new AbortController();
  const stop = () => over.abort();
  const within = endedEarly(scope, over.signal);
  const refused = Promise.resolve(posted.refusal?.(within)).then((reply) => {
    if (reply) {
      throw new ProbeError(diagnoseRefusal(reply, `the message of ${posted.from}`, 'CHAT_MESSAGE_REFUSED'));
    }
  });
  // A sender that learns that it is refused, or out of the room, waits for nothing more.
  refused.catch(stop);
  const arrived = hearText(receiver, posted, within).finally(stop);
  const [refusal, arrival] = await Promise.allSettled([refused, arrived]);
  // What the sender is told about its own message says more than that it did not come.
  if (refusal.status === 'rejected' && arrival.status === 'rejected') throw refusal.reason;
  if (arrival.status === 'rejected') throw arrival.reason;
}

/** Warns when a message that was received already has come again by now. */
export async function warnOfCopies(receiver: ChatChannel, posted: PostedText, scope: Scope): Promise<void> {
  const unread = await receiver.unreadTexts(scope);
  const copies = unread.filter((text) => judgeText(posted, text) === 'it').length;
  if (copies === 0) return;
  const message = `the message of ${posted.from} reached ${posted.to} ${copies + 1} times`;
  scope.warn({ code: 'CHAT_DELIVERED_TWICE', message });
}

async function hearText(receiver: ChatChannel, posted: PostedText, scope: Scope): Promise<void> {
  const awaited = `the message of ${posted.from}`;
  receiver.listen(scope);
  for (let others = 0; ; ) {
    const event = await receiver.nextText(awaited, scope);
    if (event.kind !== 'item') {
      const hint = hintOf(posted, others, receiver.history);
      throw new ProbeError(receiver.inVain(event, { awaited, code: 'CHAT_MESSAGE_NOT_DELIVERED', hint }));
    }
    switch (judgeText(posted, event.item)) {
      case 'it':
        return;
      case 'altered': {
        const [got, expected] = [event.item.text, posted.text].map((text) => Buffer.byteLength(text));
        const error = `${awaited} reached ${posted.to} altered: ${got} bytes in place of ${expected}`;
        throw new ProbeError(diagnosis('CHAT_TEXT_ALTERED', { error }));
      }
      case 'other-author': {
        const error = `${awaited} reached ${posted.to} in the name of ${event.item.author}`;
        throw new ProbeError(diagnosis('CHAT_SENDER_WRONG', { error }));
      }
      case 'other-room':
      case 'other':
        others += 1;
    }
  }
}

function hintOf({ token }: PostedText, others: number, history: readonly string[]): string {
  const passed = others === 0 ? '' : `; ${others} other message${others === 1 ? '' : 's'} came`;
  const stored = history.some((text) => text.includes(token)) ? '; it came as history alone, which is no delivery' : '';
  return `, although the chat server took it${passed}${stored}`;
}
