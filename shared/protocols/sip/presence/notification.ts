import { headerValue, type RawMessage } from '../rawMessage.js';

/** A NOTIFY of a subscription (RFC 6665 section 4.1.3). */
export interface Notification {
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
  readonly state: SubscriptionState;
  /** Without parameters, in lower case. */
  readonly contentType: string | undefined;
  /** The document, empty where there is none; undefined when it is larger than any presence document needs to be. */
  readonly body: string | undefined;
}

/** The Subscription-State header field (RFC 6665 section 8.2.3). */
export interface SubscriptionState {
  /** `active`, `pending`, `terminated`, or an extension. */
  readonly name: string;
  /** Seconds left, where the server says so. */
  readonly expires: number | undefined;
  readonly reason: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
}

/** Characters of a document that is read at all. */
const longestDocument = 65_536;

/** Reads a NOTIFY. */
export function readNotification(raw: RawMessage, at: number): Notification {
  const contentType = headerValue(raw, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  return {
    at,
    state: readState(headerValue(raw, 'subscription-state') ?? ''),
    contentType: contentType === '' ? undefined : contentType,
    body: raw.body.length > longestDocument ? undefined : raw.body,
  };
}

function readState(text: string): SubscriptionState {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim());
  const value = (wanted: string) =>
    parameters
      .map((parameter) => /^([^\s=]+)\s*=\s*"?([^"]*)"?$/.exec(parameter))
      .find((match) => match?.[1]?.toLowerCase() === wanted)?.[2];
  return {
    name: name.toLowerCase(),
    expires: seconds(value('expires')),
    reason: value('reason'),
    retryAfter: seconds(value('retry-after')),
  };
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}
