import { createHash } from 'node:crypto';
import { readParameters, splitOutside } from './values.js';

/** The algorithms a user can answer with (RFC 7616 section 3.2, RFC 8760), strongest first. */
const digestAlgorithms = ['SHA-256', 'MD5'] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** What a client put into Authorization, checked for form only. */
export interface DigestCredentials {
  readonly userName: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  readonly opaque: string | undefined;
  /** Absent when the client answered as RFC 2069 did, without quality of protection. */
  readonly protection: { readonly count: number; readonly cnonce: string } | undefined;
}

/** Reads one Authorization value; a text says what is wrong with it, undefined that it is of another scheme. */
export function readDigestCredentials(text: string): DigestCredentials | string | undefined {
  const [, list] = /^Digest\s+(.*)$/is.exec(text) ?? [];
  if (list === undefined) return undefined;
  const found = readParameters(splitOutside(list, ','));
  const [userName, realm, nonce, uri, response] = ['username', 'realm', 'nonce', 'uri', 'response'].map((name) =>
    found.get(name),
  );
  if (!userName || !realm || !nonce || !uri || !response) return 'Authorization lacks a parameter';
  const algorithm = digestAlgorithms.find(
    (known) => known.toLowerCase() === (found.get('algorithm') ?? 'MD5').toLowerCase(),
  );
  if (algorithm === undefined) return 'Authorization names an algorithm that was not offered';
  const protection = readProtection(found.get('qop'), found.get('nc'), found.get('cnonce'));
  if (typeof protection === 'string') return protection;
  return {
    userName,
    realm,
    nonce,
    uri,
    response: response.toLowerCase(),
    algorithm,
    opaque: found.get('opaque'),
    protection,
  };
}

function readProtection(qop: string | undefined, nc: string | undefined, cnonce: string | undefined) {
  if (qop === undefined) return undefined;
  if (qop.toLowerCase() !== 'auth') return 'Authorization names a qop that was not offered';
  if (nc === undefined || !/^[0-9a-f]{8}$/i.test(nc)) return 'nc is not eight hexadecimal digits';
  if (!cnonce) return 'cnonce is missing';
  return { count: Number.parseInt(nc, 16), cnonce };
}

/** The response a client with `password` gives (RFC 7616 section 3.4.1); with an empty method, the server's own `rspauth` (3.5). */
export function digestResponse(credentials: DigestCredentials, method: string, password: string): string {
  const hash = (text: string): string =>
    createHash(credentials.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const { userName, realm, nonce, uri, protection } = credentials;
  const secret = hash(`${userName}:${realm}:${password}`);
  const asked = hash(`${method}:${uri}`);
  if (protection === undefined) return hash(`${secret}:${nonce}:${asked}`);
  return hash(`${secret}:${nonce}:${countText(protection.count)}:${protection.cnonce}:auth:${asked}`);
}

/** A nonce count as it is written: eight hexadecimal digits. */
export function countText(count: number): string {
  return count.toString(16).padStart(8, '0');
}
