import { type Diagnosis, diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { SipAnswer } from '../answer.js';
import { diagnoseAnswer, type OwnStatusCodes } from '../diagnoseAnswer.js';
import { diagnoseCut, diagnoseHalf } from '../diagnoseCut.js';
import type { Arrival } from '../inbox.js';
import type { ReceivedMessage } from './receivedMessage.js';

/** A message that was sent and answered, and is looked for at its receiver. */
export interface SentMessage {
  /** SIP addresses. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** The part of `text` that no other message has. */
  readonly token: string;
  /** Of the final answer to it. */
  readonly status: number;
}

/** What statuses mean to a MESSAGE (RFC 3428 section 8). */
const messageCodes: OwnStatusCodes = {
  403: 'IM_MESSAGE_FORBIDDEN',
  404: 'IM_RECEIVER_UNKNOWN',
  405: 'IM_METHOD_UNSUPPORTED',
  415: 'IM_CONTENT_UNSUPPORTED',
  480: 'IM_RECEIVER_UNAVAILABLE',
  488: 'IM_MESSAGE_NOT_ACCEPTABLE',
  501: 'IM_METHOD_UNSUPPORTED',
  603: 'IM_MESSAGE_FORBIDDEN',
  604: 'IM_RECEIVER_UNKNOWN',
  606: 'IM_MESSAGE_NOT_ACCEPTABLE',
};

/** RFC 3428 section 4: a MESSAGE that was taken is answered 2xx, whose status is returned. Throws otherwise. */
export function requireTaken(answer: SipAnswer, peer: string): number {
  const found = diagnoseAnswer('MESSAGE', peer, answer, messageCodes);
  if (found) throw new ProbeError(found);
  return answer.kind === 'response' ? answer.status : 0;
}

/** The diagnosis of a message that came in place of `sent`; undefined when it has nothing to do with it. */
export function diagnoseReceived(sent: SentMessage, received: ReceivedMessage): Diagnosis | undefined {
  if (!received.text?.includes(sent.token)) return undefined;
  if (received.text !== sent.text) {
    const [got, expected] = [Buffer.byteLength(received.text), Buffer.byteLength(sent.text)];
    const how = got === expected ? `other ones among its ${got} bytes` : `${got} bytes in place of ${expected}`;
    const error = `the message of ${sent.from} reached ${sent.to} altered: ${how}`;
    return diagnosis('IM_TEXT_ALTERED', { error });
  }
  const error = `the message of ${sent.from} reached ${sent.to} in the name of ${received.from ?? 'nobody'}`;
  return diagnosis('IM_SENDER_WRONG', { error });
}

/** The diagnosis when the message did not come; `others` is how many did. */
export function diagnoseUndelivered(
  sent: SentMessage,
  peer: string,
  event: Exclude<Arrival<ReceivedMessage>, { readonly kind: 'item' }>,
  others: number,
): Diagnosis {
  const awaited = `the message of ${sent.from}`;
  if (event.kind === 'ended') return diagnoseCut(awaited, peer, event.end, 'IM_CONNECTION_LOST');
  const { limitMs, pendingBytes } = event;
  if (pendingBytes > 0) return diagnoseHalf(awaited, peer, pendingBytes, limitMs);
  const passed = others === 0 ? '' : `; ${others} other message${others === 1 ? '' : 's'} did`;
  const error = `MESSAGE was answered ${sent.status}, but did not reach ${sent.to} within ${limitMs} ms${passed}`;
  return diagnosis(sent.status === 202 ? 'IM_ACCEPTED_NOT_DELIVERED' : 'IM_DELIVERY_TIMEOUT', { error });
}
