import type { Diagnosis } from '../../domain/diagnosis.js';
import type { FramingViolation } from './framing.js';
import type { RawMessage } from './rawMessage.js';

/**
 * What a SIP request came to. sip.js reports a lost connection as 503 and an expired timer as 408, and drops what it
 * cannot parse; here each stays what it was.
 */
export type SipAnswer =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reasonPhrase: string;
      readonly message: RawMessage;
      /** Messages are signed here, and this refusal was not. */
      readonly unsigned?: true;
    }
  /** No final response in time; `pendingBytes` of one had begun to arrive. */
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly pendingBytes: number; readonly provisional?: string }
  /** `pendingBytes` of an answer had come before. */
  | { readonly kind: 'connection-lost'; readonly cause: Error | undefined; readonly pendingBytes: number }
  | { readonly kind: 'unparsable'; readonly excerpt: string }
  /** A message came that must not be believed. */
  | { readonly kind: 'untrusted'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'violation'; readonly violation: FramingViolation; readonly excerpt: string };

/** A final response of the server. */
export type SipResponse = Extract<SipAnswer, { readonly kind: 'response' }>;
