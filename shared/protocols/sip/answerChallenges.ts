import { ProbeError } from '../../domain/diagnosis.js';
import type { SipAnswer } from './answer.js';
import type { DigestSession } from './digestSession.js';
import { headerValue } from './rawMessage.js';

/** The longest lifetime, seconds, that is asked for because the server wants it so. */
const longestSeconds = 3600;

/**
 * Sends a request as often as the server asks for credentials that can be given (RFC 3261 section 22.2) and returns
 * the last answer. Throws a `ProbeError` of layer `auth` when they are refused or cannot be given.
 */
export async function answerChallenges(
  digest: DigestSession,
  method: string,
  uri: string,
  send: (credentials: readonly string[]) => Promise<SipAnswer>,
): Promise<SipAnswer> {
  let answer = await send(digest.credentials(method, uri));
  while (answer.kind === 'response' && (answer.status === 401 || answer.status === 407)) {
    const decision = digest.respond(answer, method, uri);
    if (decision.kind === 'refused') throw new ProbeError(decision.diagnosis);
    answer = await send(decision.headers);
  }
  if (answer.kind === 'response') digest.accepted();
  return answer;
}

/**
 * Asks for a lifetime and, where that is too brief, once more for the shortest one the server grants (RFC 3261 section
 * 10.2.8; RFC 3903 section 4 and RFC 6665 section 4.1.2.1 say the same). More than an hour is not asked for.
 */
export async function askLifetime(seconds: number, send: (seconds: number) => Promise<SipAnswer>): Promise<SipAnswer> {
  const answer = await send(seconds);
  if (answer.kind !== 'response' || answer.status !== 423 || seconds === 0) return answer;
  const shortest = Number(headerValue(answer.message, 'min-expires'));
  const grantable = Number.isInteger(shortest) && shortest > seconds && shortest <= longestSeconds;
  return grantable ? send(shortest) : answer;
}
