import type { HeaderField } from '../../sip/message.js';
import { values } from '../../sip/message.js';
import { readNameAddress, splitOutside } from '../../sip/values.js';

/** What of the authentication header is signed. */
export interface SignedNames {
  readonly rand: string;
  readonly num: string;
  readonly realm: string;
  readonly targetName: string;
}

/**
 * The text under a signature, put together once more from what the simulator itself reads (MS-SIPAE 3.1.4.3): a client that reads
 * a header field differently does not get in. `status` only of an answer; names of fields in any case.
 */
export function signedText(
  fields: readonly HeaderField[],
  { rand, num, realm, targetName }: SignedNames,
  version: 2 | 3 | 4,
  status?: number,
): string {
  const lower = fields.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
  const one = (name: string): string => values(lower, name)[0] ?? '';
  const [number = '', method = ''] = one('cseq').split(/\s+/);
  const [from, to] = [readNameAddress(one('from')), readNameAddress(one('to'))];
  const newer = version > 2;
  const parts = ['NTLM', rand, num, realm, targetName, one('call-id'), number, method];
  parts.push(from?.uri ?? '', from?.parameters.get('tag') ?? '');
  if (newer) parts.push(to?.uri ?? '');
  parts.push(to?.parameters.get('tag') ?? '');
  if (newer) parts.push(...identities(lower));
  parts.push(one('expires'));
  if (status !== undefined) parts.push(String(status));
  return parts.map((part) => `<${part}>`).join('');
}

function identities(fields: readonly HeaderField[]): readonly [string, string] {
  const asserted = values(fields, 'p-asserted-identity');
  const written = asserted.length > 0 ? asserted : values(fields, 'p-preferred-identity');
  const uris = written.flatMap((text) => splitOutside(text, ',')).map((text) => readNameAddress(text)?.uri ?? '');
  const of = (scheme: string): string => uris.find((uri) => uri.toLowerCase().startsWith(scheme)) ?? '';
  return [of('sip:'), of('tel:')];
}
