import { answerTo, type SipAnswer } from '../sip/answer.js';
import { value } from '../sip/message.js';
import { readNameAddress, readSipUri } from '../sip/values.js';
import { type AuthenticationPolicy, authenticate, type Nonces, type Realm } from './authentication.js';
import type { Exchange } from './service.js';

/** Who sent a request, or what to answer instead. */
export type Admission =
  | { readonly kind: 'admitted'; readonly user: string }
  | { readonly kind: 'answered'; readonly answer: SipAnswer };

/** Lets users of the realm pass who prove who they are. */
export type Gatekeeper = (exchange: Exchange) => Admission;

/** Asks as a proxy does (407, RFC 3261 section 22.3), and lets nobody write in the name of another. */
export function gatekeeper(realm: Realm, policy: () => AuthenticationPolicy): Gatekeeper {
  let nonces: Nonces = new Map();
  return (exchange) => {
    const { request, source } = exchange;
    const { challenge, ...others } = policy();
    const asked = { ...others, challenge: challenge === 'nobody' ? challenge : (407 as const) };
    const verdict = authenticate(nonces, exchange, realm, asked);
    nonces = verdict.nonces;
    if (verdict.kind === 'answered') return verdict;
    const from = readSipUri(readNameAddress(value(request.fields, 'from') ?? '')?.uri ?? '');
    const user = verdict.userName ?? from?.user;
    if (from?.host !== realm.name || from.user !== user || !realm.passwords.has(from.user)) {
      return { kind: 'answered', answer: answerTo(request, source, 403, 'From is another user') };
    }
    return { kind: 'admitted', user: from.user };
  };
}
