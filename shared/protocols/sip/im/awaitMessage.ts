import { ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import { isSameUser } from '../address.js';
import type { SipUserAgent } from '../userAgent.js';
import { diagnoseReceived, diagnoseUndelivered, type SentMessage } from './diagnoseMessage.js';
import type { ReceivedMessage } from './receivedMessage.js';

/**
 * Waits at `receiver` until `sent` arrives, byte for byte and in its sender's name. What others send, or another run
 * sent, is passed over. Throws a `ProbeError` of layer `im`.
 */
export async function awaitMessage(
  receiver: Pick<SipUserAgent, 'nextMessage' | 'peer'>,
  sent: SentMessage,
  scope: Scope,
): Promise<void> {
  for (let others = 0; ; others += 1) {
    const event = await receiver.nextMessage(scope);
    if (event.kind !== 'item') throw new ProbeError(diagnoseUndelivered(sent, receiver.peer, event, others));
    if (isIt(sent, event.item)) return;
    const found = diagnoseReceived(sent, event.item);
    if (found) throw new ProbeError(found);
  }
}

/** Warns when a message that was received already has come again by now. */
export function warnOfRepeats(
  receiver: Pick<SipUserAgent, 'unreadMessages'>,
  sent: SentMessage,
  scope: Pick<Scope, 'warn'>,
): void {
  const repeats = receiver.unreadMessages.filter((message) => isIt(sent, message)).length;
  if (repeats === 0) return;
  const message = `the message of ${sent.from} reached ${sent.to} ${repeats + 1} times`;
  scope.warn({ code: 'IM_DELIVERED_TWICE', message });
}

function isIt(sent: SentMessage, received: ReceivedMessage): boolean {
  return received.text === sent.text && received.from !== undefined && isSameUser(received.from, sent.from);
}
