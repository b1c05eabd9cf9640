import { type AuthenticationPolicy, usualPolicy } from '../services/authentication.js';
import type { Exchange } from '../services/service.js';
import { type SipAnswer, writeAnswer } from '../sip/answer.js';
import { type Action, send } from './action.js';
import type { Acceptance, ActiveFault, TlsProfile } from './fault.js';

const usualTls: TlsProfile = {
  certificate: 'good',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: undefined,
  clientCertificate: false,
};

/** What happens to a new connection; of several faults the first in the catalogue decides. */
export function acceptanceOf(active: readonly ActiveFault[]): Acceptance {
  return active.map(({ fault }) => fault.accept).find((accept) => accept !== undefined) ?? 'serve';
}

/** The handshake, with every fault's difference laid over the usual one. */
export function tlsProfileOf(active: readonly ActiveFault[]): TlsProfile {
  let profile = usualTls;
  for (const { fault } of active) profile = { ...profile, ...fault.tls };
  return profile;
}

/** The authentication, with every fault's difference laid over the usual one. */
export function policyOf(active: readonly ActiveFault[]): AuthenticationPolicy {
  let policy = usualPolicy;
  for (const { fault } of active) policy = { ...policy, ...fault.policy };
  return policy;
}

/** Is nothing answered after the handshake? */
export function isMute(active: readonly ActiveFault[]): boolean {
  return active.some(({ fault }) => fault.mute === true);
}

/** The answer that a fault gives in place of every service. */
export function answerInstead(active: readonly ActiveFault[], exchange: Exchange): SipAnswer | undefined {
  for (const { fault } of active) {
    const answer = fault.instead?.(exchange);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** What goes over the wire for `answer`, after every fault has had its way with it. */
export function deliveryOf(active: readonly ActiveFault[], answer: SipAnswer, exchange: Exchange): readonly Action[] {
  const changed = active.reduce((current, { fault }) => fault.change?.(current, exchange) ?? current, answer);
  return active.reduce<readonly Action[]>(
    (actions, { fault, delayMs }) => fault.deliver?.(actions, { exchange, answer: changed, delayMs }) ?? actions,
    [send(writeAnswer(changed))],
  );
}
