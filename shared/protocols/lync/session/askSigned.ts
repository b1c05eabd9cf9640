import { fail } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { SipAnswer } from '../../sip/answer.js';
import { answerChallenges } from '../../sip/answerChallenges.js';
import type { DigestSession } from '../../sip/digestSession.js';
import type { LyncAuthentication } from '../lyncAuthentication.js';

/** What sending a request as a signed-in user takes. */
export interface Asking {
  readonly method: string;
  readonly uri: string;
  readonly peer: string;
  readonly authentication: Pick<LyncAuthentication, 'scheme'>;
  /** For servers and proxies that want Digest; what the registrar was given stays with the registrar. */
  readonly digest: DigestSession;
  /** Signs in anew, after the server forgot that it had happened. */
  readonly renew: () => Promise<void>;
  readonly send: (credentials: readonly string[]) => Promise<SipAnswer>;
}

/**
 * Sends a request and, where the server forgot the sign-in (MS-SIPAE 3.1.5: a challenge to a signed request), signs in anew and sends
 * it once more, with a warning. Throws a `ProbeError` of layer `auth` when that does not help; every other answer is returned.
 */
export async function askSigned(asking: Asking, scope: Scope): Promise<SipAnswer> {
  const { method, uri, authentication, digest, renew, send } = asking;
  if (authentication.scheme !== 'NTLM') return answerChallenges(digest, method, uri, send);
  const first = await send([]);
  if (!isChallenge(first)) return first;
  const said = `${asking.peer} answered ${first.status} ${first.reasonPhrase} to a signed ${method}`;
  scope.warn({
    code: 'AUTH_ASSOCIATION_LOST',
    message: `${said}: it did not know the sign-in any more, which was repeated`,
  });
  await renew();
  const second = await send([]);
  if (isChallenge(second)) fail('AUTH_ASSOCIATION_LOST', { error: `${said}, and again after a new sign-in` });
  return second;
}

function isChallenge(answer: SipAnswer): answer is Extract<SipAnswer, { kind: 'response' }> {
  return answer.kind === 'response' && (answer.status === 401 || answer.status === 407);
}
