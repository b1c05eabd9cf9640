import { instanceOf } from '../../../../shared/protocols/lync/endpoint.js';
import type { HeaderField, SipRequest } from '../../sip/message.js';
import { value } from '../../sip/message.js';
import { readNameAddress, splitOutside } from '../../sip/values.js';

/** An endpoint of a user that is signed in (MS-SIPRE). */
export interface LyncBinding {
  readonly user: string;
  readonly epid: string;
  readonly instance: string;
  readonly contactUri: string;
  readonly flow: number;
  readonly expiresAtMs: number;
}

/** Granted whatever a client asks for. */
export const lyncExpiresSeconds = 7200;
const longestEpid = 16;

/** The endpoint that a REGISTER speaks for, or the ms-diagnostics that refuses it. */
export type EndpointReading =
  | { readonly kind: 'endpoint'; readonly epid: string; readonly instance: string; readonly contactUri: string }
  | { readonly kind: 'refused'; readonly diagnostics: string };

/** Reads epid and `+sip.instance`; the one must follow from the other. */
export function readEndpoint({ fields }: SipRequest): EndpointReading {
  const epid = readNameAddress(value(fields, 'from') ?? '')?.parameters.get('epid') ?? '';
  if (epid === '') return refused('4011;reason="epid is not present"');
  if (epid.length > longestEpid) return refused('4012;reason="epid is too long"');
  const contact = splitOutside(value(fields, 'contact') ?? '', ',')[0] ?? '';
  const address = readNameAddress(contact);
  const instance = /^<urn:uuid:([0-9a-f-]{36})>$/i.exec(address?.parameters.get('+sip.instance') ?? '')?.[1];
  if (address === undefined || instance === undefined) return refused('4010;reason="Endpoint identifier is missing"');
  if (instance.toLowerCase() !== instanceOf(epid)) return refused('4010;reason="Instance does not derive from epid"');
  return { kind: 'endpoint', epid, instance: instance.toLowerCase(), contactUri: address.uri };
}

function refused(diagnostics: string): EndpointReading {
  return { kind: 'refused', diagnostics };
}

/** The Contact header fields of a user, each with the address under which the endpoint alone is reached. */
export function lyncContacts(
  bindings: readonly LyncBinding[],
  user: string,
  domain: string,
  nowMs: number,
): HeaderField[] {
  return bindings
    .filter((binding) => binding.user === user)
    .map(({ contactUri, instance, epid, expiresAtMs }) => ({
      name: 'Contact',
      value: `<${contactUri}>;expires=${Math.ceil((expiresAtMs - nowMs) / 1000)};+sip.instance="<urn:uuid:${instance}>";gruu="${gruuOf(user, domain, epid)}"`,
    }));
}

/** The address under which one endpoint alone is reached (MS-SIPRE). */
export function gruuOf(user: string, domain: string, epid: string): string {
  return `sip:${user}@${domain};opaque=user:epid:${Buffer.from(epid).toString('base64url')};gruu`;
}
