import { addressOf } from '../address.js';
import { headerValue, type RawMessage } from '../rawMessage.js';

/** A MESSAGE that reached us (RFC 3428). */
export interface ReceivedMessage {
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
  /** `sip:user@domain`; undefined when From names nobody. */
  readonly from: string | undefined;
  /** Without parameters, in lower case. */
  readonly contentType: string | undefined;
  /** Undefined when it is larger than any text of ours. */
  readonly text: string | undefined;
}

const longestText = 65_536;

/** Reads a MESSAGE. */
export function readReceivedMessage(raw: RawMessage, at: number): ReceivedMessage {
  return {
    at,
    from: addressOf(headerValue(raw, 'from') ?? ''),
    contentType: headerValue(raw, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase(),
    text: raw.body.length > longestText ? undefined : raw.body,
  };
}
