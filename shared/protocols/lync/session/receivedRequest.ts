import type { SipExchange } from '../../sip/exchange.js';
import type { Arrived } from '../../sip/exchangeEvents.js';
import type { RawMessage } from '../../sip/rawMessage.js';
import type { WrittenAnswer } from '../../sip/writtenAnswer.js';

/** A request of the peer. */
export interface ReceivedRequest {
  readonly method: string;
  readonly raw: RawMessage;
  /** When its last byte came, on the monotonic clock. */
  readonly at: number;
  /** Answers it, signed; does nothing for ACK and BENOTIFY, which have no answers. */
  reply(status: AnswerStatus, details?: Omit<WrittenAnswer, 'status' | 'reasonPhrase'>): void;
}

/** What requests are answered with here (RFC 3261 section 21). */
const reasonPhrases = {
  180: 'Ringing',
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  500: 'Server Internal Error',
} as const;
type AnswerStatus = keyof typeof reasonPhrases;

/**
 * A request as it came. It is answered without a server transaction: over TLS nothing is sent twice (RFC 3261 section 17.2.1 keeps
 * one for what is), and each answer has a signature of its own.
 */
export function receivedRequest(exchange: SipExchange, { raw, at }: Arrived): ReceivedRequest {
  const method = raw.startLine.split(' ', 1)[0] ?? '';
  return {
    method,
    raw,
    at,
    reply(status, details = {}) {
      if (method === 'ACK' || method === 'BENOTIFY') return;
      exchange.answer(raw, { status, reasonPhrase: reasonPhrases[status], ...details });
    },
  };
}
