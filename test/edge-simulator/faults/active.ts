import { type AuthenticationPolicy, usualPolicy } from '../services/authentication.js';
import { type LyncPolicy, usualLyncPolicy } from '../services/lync/lyncPolicy.js';
import type { Exchange, Outgoing, OutgoingRequest } from '../services/service.js';
import { type SipAnswer, writeAnswer } from '../sip/answer.js';
import { type HeaderField, type SipRequest, writeRequest } from '../sip/message.js';
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

/** The front end of dialect lync, with every fault's difference laid over the usual one. */
export function lyncPolicyOf(active: readonly ActiveFault[]): LyncPolicy {
  let policy = usualLyncPolicy;
  for (const { fault } of active) policy = { ...policy, ...fault.lync };
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

/** The last thing done to the header fields of a message for one connection; `status` only of a response. */
export type Seal = (fields: readonly HeaderField[], status?: number) => readonly HeaderField[];

/** What goes over the wire for `answer`, after every fault has had its way with it. */
export function deliveryOf(
  active: readonly ActiveFault[],
  answer: SipAnswer,
  exchange: Exchange,
  seal: Seal,
): readonly Action[] {
  const changed = active.reduce((current, { fault }) => fault.change?.(current, exchange) ?? current, answer);
  const sealed = changed.unsigned ? changed : { ...changed, fields: seal(changed.fields, changed.status) };
  return active.reduce<readonly Action[]>(
    (actions, { fault, delayMs }) => fault.deliver?.(actions, { exchange, answer: sealed, delayMs }) ?? actions,
    [send(writeAnswer(sealed))],
  );
}

/** What services send, after every fault has taken away, added or exchanged something. */
export function arranged(
  active: readonly ActiveFault[],
  outgoing: readonly Outgoing[],
  exchange: Exchange | undefined,
): readonly Outgoing[] {
  return active.reduce((current, { fault }) => fault.arrange?.(current, exchange) ?? current, outgoing);
}

/** What goes over the wire for a request of a service, after every fault has had its way with it. */
export function sendingOf(active: readonly ActiveFault[], outgoing: OutgoingRequest, seal: Seal): readonly Action[] {
  const write = (request: SipRequest): Buffer => writeRequest({ ...request, fields: seal(request.fields) });
  return active.reduce<readonly Action[]>(
    (actions, { fault, delayMs }) => fault.send?.(actions, { outgoing, delayMs, write }) ?? actions,
    [send(write(outgoing.request))],
  );
}
