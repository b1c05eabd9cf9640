import { createHash } from 'node:crypto';
import { type Challenge, readParameters } from './challenge.js';

/** RFC 8760 names, as Node's hash names; `-sess` forms derive from them. */
const hashes: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** A Digest challenge (RFC 7616 section 3.3) that can be answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server wrote it; echoed in the answer. */
  readonly algorithm: string | undefined;
  readonly hash: string;
  readonly session: boolean;
  /** `auth` is offered; undefined for the older form without qop (RFC 2069). */
  readonly qop: 'auth' | undefined;
  readonly stale: boolean;
  readonly from: Challenge['from'];
}

export type DigestReading =
  | { readonly kind: 'digest'; readonly challenge: DigestChallenge }
  | { readonly kind: 'other-scheme'; readonly scheme: string }
  | { readonly kind: 'unsupported'; readonly what: string }
  | { readonly kind: 'malformed'; readonly what: string };

/** What a challenge is to us. */
export function readDigestChallenge(challenge: Challenge): DigestReading {
  if (challenge.scheme.toLowerCase() !== 'digest') return { kind: 'other-scheme', scheme: challenge.scheme };
  const { realm, nonce, opaque, algorithm, qop, stale } = challenge.parameters;
  if (realm === undefined || nonce === undefined || nonce === '') {
    return { kind: 'malformed', what: `Digest challenge without ${realm === undefined ? 'realm' : 'nonce'}` };
  }
  const name = (algorithm ?? 'MD5').toUpperCase();
  const session = name.endsWith('-SESS');
  const hash = hashes[session ? name.slice(0, -5) : name];
  if (!hash) return { kind: 'unsupported', what: `algorithm ${algorithm}` };
  const offered = qop?.split(',').map((value) => value.trim().toLowerCase());
  if (offered && !offered.includes('auth')) return { kind: 'unsupported', what: `qop ${qop}` };
  const found: DigestChallenge = {
    realm,
    nonce,
    opaque,
    algorithm,
    hash,
    session,
    qop: offered ? 'auth' : undefined,
    stale: stale?.toLowerCase() === 'true',
    from: challenge.from,
  };
  return { kind: 'digest', challenge: found };
}

export interface DigestRequest {
  readonly method: string;
  readonly uri: string;
  readonly userName: string;
  readonly password: string;
  readonly cnonce: string;
  /** How often this nonce has been used, this time included. */
  readonly nonceCount: number;
}

/** The value of the Authorization or Proxy-Authorization header field (RFC 7616 section 3.4). */
export function digestCredentials(challenge: DigestChallenge, request: DigestRequest): string {
  const parts = [
    `username=${quoted(request.userName)}`,
    `realm=${quoted(challenge.realm)}`,
    `nonce=${quoted(challenge.nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response="${digestResponse(challenge, request, `${request.method}:${request.uri}`)}"`,
  ];
  if (challenge.algorithm !== undefined) parts.push(`algorithm=${challenge.algorithm}`);
  if (challenge.opaque !== undefined) parts.push(`opaque=${quoted(challenge.opaque)}`);
  if (challenge.qop) parts.push(`qop=auth`, `nc=${countOf(request)}`);
  if (challenge.qop || challenge.session) parts.push(`cnonce=${quoted(request.cnonce)}`);
  return `Digest ${parts.join(', ')}`;
}

/**
 * Does the server's Authentication-Info prove that it knows the password (RFC 7616 section 3.5)? Undefined when it
 * brings no proof for this request.
 */
export function serverProof(value: string, challenge: DigestChallenge, request: DigestRequest): boolean | undefined {
  const { rspauth, cnonce, nc } = readParameters(value);
  if (rspauth === undefined || rspauth === '' || challenge.qop === undefined) return undefined;
  if (cnonce !== request.cnonce || nc?.toLowerCase() !== countOf(request)) return false;
  return rspauth.toLowerCase() === digestResponse(challenge, request, `:${request.uri}`);
}

/** RFC 7616 section 3.4.1; `a2` differs between the client's response and the server's proof. */
function digestResponse(challenge: DigestChallenge, request: DigestRequest, a2: string): string {
  const h = (text: string) => createHash(challenge.hash).update(text, 'utf8').digest('hex');
  const secret = h(`${request.userName}:${challenge.realm}:${request.password}`);
  const ha1 = challenge.session ? h(`${secret}:${challenge.nonce}:${request.cnonce}`) : secret;
  const middle = challenge.qop ? `${countOf(request)}:${request.cnonce}:auth:` : '';
  return h(`${ha1}:${challenge.nonce}:${middle}${h(a2)}`);
}

function countOf(request: DigestRequest): string {
  return request.nonceCount.toString(16).padStart(8, '0');
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\r\n]/g, '')}"`;
}
