import { headerValue, headerValues, type RawMessage, statusOf } from '../sip/rawMessage.js';

/** How signatures are made: what OCS 2007 offered, and what came with its successors. */
export const signatureVersions = [2, 3, 4] as const;
export type SignatureVersion = (typeof signatureVersions)[number];

/** The parameters of the authentication header that are signed too. */
export interface SignedParameters {
  readonly scheme: string;
  /** `crand` of the client, `srand` of the server. */
  readonly rand: string;
  /** `cnum` or `snum`. */
  readonly num: string;
  readonly realm: string;
  readonly targetName: string;
}

/**
 * The text whose signature a message carries (MS-SIPAE 3.1.4.3): the parts of the message that may not change on its way, each as
 * it stands there, in angle brackets. The body is not among them.
 */
export function signatureBuffer(
  message: RawMessage,
  { scheme, rand, num, realm, targetName }: SignedParameters,
  version: SignatureVersion,
): string {
  const [, sequence = '', method = ''] = /^(\d+)[ \t]+(\S+)/.exec(headerValue(message, 'cseq') ?? '') ?? [];
  const from = addressOf(headerValue(message, 'from'));
  const to = addressOf(headerValue(message, 'to'));
  const asserted = assertedOf(message);
  const status = statusOf(message);
  const whole = version > 2;
  return [
    ...[scheme, rand, num, realm, targetName, headerValue(message, 'call-id') ?? '', sequence, method],
    ...[from.uri, from.tag],
    ...(whole ? [to.uri] : []),
    to.tag,
    ...(whole ? [asserted.sip, asserted.tel] : []),
    headerValue(message, 'expires') ?? '',
    ...(status ? [String(status.status)] : []),
  ]
    .map((part) => `<${part}>`)
    .join('');
}

/** URI and tag of From or To, as they are written. */
function addressOf(value = ''): { readonly uri: string; readonly tag: string } {
  const bracketed = /^(?:"(?:[^"\\]|\\.)*"|[^<"])*<([^>]*)>(.*)$/s.exec(value);
  const [, bare = '', behind = ''] = /^([^;]*)(.*)$/s.exec(value) ?? [];
  const uri = bracketed?.[1] ?? bare.trim();
  const tag = /;[ \t]*tag[ \t]*=[ \t]*([^;,\s]*)/i.exec(bracketed?.[2] ?? behind)?.[1] ?? '';
  return { uri, tag };
}

/** The first sip: and the first tel: URI of P-Asserted-Identity, else of P-Preferred-Identity (RFC 3325). */
function assertedOf(message: RawMessage): { readonly sip: string; readonly tel: string } {
  const asserted = headerValues(message, 'p-asserted-identity');
  const values = asserted.length > 0 ? asserted : headerValues(message, 'p-preferred-identity');
  const uris = values.flatMap((value) =>
    value
      .replace(/"(?:[^"\\]|\\.)*"/g, '')
      .split(',')
      .map((part) => (/<([^>]*)>/.exec(part)?.[1] ?? part).trim()),
  );
  const first = (scheme: RegExp): string => uris.find((uri) => scheme.test(uri)) ?? '';
  return { sip: first(/^sip:/i), tel: first(/^tel:/i) };
}
