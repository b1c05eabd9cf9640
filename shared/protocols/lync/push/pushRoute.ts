import { diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import type { Scope } from '../../../domain/scope.js';
import type { AccessEdgeTarget } from '../../net/target.js';
import type { SipAnswer } from '../../sip/answer.js';
import type { PlannedRequest } from '../../sip/requests.js';
import { classifyPush } from './classifyPush.js';

/** Where Lync Server 2013 sends push notifications unless it is told otherwise. */
const usualUri = 'sip:push@push.lync.com';

/** Warns of an address that is not the usual one of the clearing house. */
export function warnOfUri(uri: string, scope: Scope): void {
  if (uri.toLowerCase() === usualUri) return;
  scope.warn({ code: 'PUSH_URI_UNEXPECTED', message: `push notifications go to ${uri}, expected ${usualUri}` });
}

/** The SIP domain of an address `sip:user@domain`. */
export function domainOf(uri: string): string {
  return uri
    .replace(/^.*@/, '')
    .replace(/[;?:].*$/, '')
    .toLowerCase();
}

/** Warns where the record for federation leads to no host and no address of the Edge that users sign in at. */
export function warnOfOtherEdge(edge: AccessEdgeTarget, federation: AccessEdgeTarget, scope: Scope): void {
  const [own, found] = [edge, federation].map(({ candidates }) => ({
    hosts: candidates.map(({ host }) => host.toLowerCase()),
    addresses: candidates.flatMap(({ addresses }) => addresses),
  }));
  const shared = found?.hosts.some((host) => own?.hosts.includes(host));
  if (shared || found?.addresses.some((address) => own?.addresses.includes(address))) return;
  const message = `_sipfederationtls._tcp leads to ${federation.fqdn}, users sign in at ${edge.fqdn}`;
  scope.warn({ code: 'PUSH_OWN_RECORD_ELSEWHERE', message });
}

/** What of a federation route that cannot be found says that there is no clearing house at all. */
const absences = new Set(['FEDERATION_SRV_MISSING', 'FEDERATION_NOT_OFFERED', 'FEDERATION_TARGET_NO_ADDRESS']);

/** Looks for the clearing house by `find`; that its domain has no such service is a diagnosis of its own. */
export async function requireClearingHouse(find: () => Promise<AccessEdgeTarget>): Promise<AccessEdgeTarget> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof ProbeError) || !absences.has(error.diagnosis.code)) throw error;
    throw new ProbeError(diagnosis('PUSH_CLEARING_HOUSE_GONE', { error: error.diagnosis.error }), { cause: error });
  }
}

/**
 * A message of a user to the clearing house. It has both prefixes that a URL filter may block, as push notifications do:
 * without them the filter would let it pass.
 */
export function pushRequest(uri: string, sipDomain: string, token: string): PlannedRequest {
  const content = `Edge Probes push route ${token}: http://${sipDomain}/ https://${sipDomain}/`;
  return { method: 'MESSAGE', uri, headers: [], body: { contentType: 'text/plain; charset=UTF-8', content } };
}

/** Requires that the clearing house was reached. Throws a `ProbeError` that says where the request ended. */
export function requireReached(answer: SipAnswer, peer: string, scope: Scope): void {
  const reading = classifyPush('MESSAGE', peer, answer);
  if (reading.kind === 'failed') throw new ProbeError(reading.diagnosis);
  scope.observe({ pushRoute: `reached: ${reading.by}` });
}
