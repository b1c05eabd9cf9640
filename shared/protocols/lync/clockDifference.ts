import type { RawMessage } from '../sip/rawMessage.js';
import { headerValue } from '../sip/rawMessage.js';

/** From this on the difference is worth telling, milliseconds; Windows' limit for NTLM and Kerberos lies above. */
const worthTellingMs = 120_000;

/** How far the server's clock (its Date header field) is ahead of ours, milliseconds; undefined when it does not say. */
export function clockDifference(message: RawMessage, nowMs: number): number | undefined {
  const theirs = Date.parse(headerValue(message, 'date') ?? '');
  return Number.isNaN(theirs) ? undefined : theirs - nowMs;
}

/** ` (its clock is 20 minutes ahead of the prober's)`, or nothing. */
export function clockHint(message: RawMessage, nowMs: number): string {
  const difference = clockDifference(message, nowMs);
  if (difference === undefined || Math.abs(difference) < worthTellingMs) return '';
  const minutes = Math.round(Math.abs(difference) / 60_000);
  return ` (its clock is ${minutes} minutes ${difference > 0 ? 'ahead of' : 'behind'} the prober's)`;
}
