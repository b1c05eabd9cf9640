import { createHash } from 'node:crypto';

/** What names one endpoint of a user to the server (MS-SIPRE). */
export interface Endpoint {
  /** Twelve hexadecimal digits, a parameter of From. */
  readonly epid: string;
  /** The UUID in `+sip.instance`; the server checks that it follows from the epid. */
  readonly instance: string;
}

/** The namespace of MS-SIPRE 3.2.5, its bytes in the order in which Windows keeps a GUID. */
const namespace = Buffer.from('03fbacfc738aef4691b1e5ebeeaba4fe', 'hex');

/**
 * The endpoint of an account at a prober: the same in every run, so that a run replaces the endpoint that an earlier one may
 * have left behind, and another one for each account and region.
 */
export function toEndpoint(...names: readonly string[]): Endpoint {
  const epid = createHash('sha1').update(names.join('\n')).digest('hex').slice(0, 12);
  return { epid, instance: instanceOf(epid) };
}

/** The instance that MS-SIPRE derives from an epid: a name-based UUID (RFC 4122 section 4.3) in Windows' byte order. */
export function instanceOf(epid: string): string {
  const bytes = createHash('sha1').update(namespace).update(epid, 'latin1').digest().subarray(0, 16);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
