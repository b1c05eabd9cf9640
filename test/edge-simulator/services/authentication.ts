import { answerTo, type SipAnswer } from '../sip/answer.js';
import {
  countText,
  type DigestAlgorithm,
  type DigestCredentials,
  digestResponse,
  readDigestCredentials,
} from '../sip/digest.js';
import { type HeaderField, values } from '../sip/message.js';
import type { Exchange } from './service.js';

/** Passwords by user name; a user name is what stands before the @ of its address. */
export type Passwords = ReadonlyMap<string, string>;

/** How strictly users are asked who they are; faults change it while the simulator runs. */
export interface AuthenticationPolicy {
  /** 401 as a registrar does, 407 as a proxy does, or `nobody` is asked. */
  readonly challenge: 401 | 407 | 'nobody';
  /** Beside its age: is the first nonce of a sign-in stale, or every one? */
  readonly stale: 'by-age' | 'first' | 'always';
  /** Right credentials are challenged again as if they were wrong. */
  readonly neverSatisfied: boolean;
  readonly algorithms: readonly DigestAlgorithm[];
}

/** Without faults: every request is challenged as a registrar does it. */
export const usualPolicy: AuthenticationPolicy = {
  challenge: 401,
  stale: 'by-age',
  neverSatisfied: false,
  algorithms: ['SHA-256', 'MD5'],
};

export interface Realm {
  readonly name: string;
  readonly opaque: string;
  readonly passwords: Passwords;
  readonly nonceAgeMs: number;
}

/** The nonces that were handed out and how far each was counted. */
export type Nonces = ReadonlyMap<string, Nonce>;

interface Nonce {
  readonly issuedAtMs: number;
  readonly highestCount: number;
  /** It replaced a stale one. */
  readonly second: boolean;
}

const maxNonces = 1000;

/** Who sent the request, or what to answer instead. `refused` names the user whose credentials were wrong. */
export type Verdict =
  | {
      readonly kind: 'accepted';
      readonly nonces: Nonces;
      readonly userName: string | undefined;
      readonly fields: readonly HeaderField[];
    }
  | { readonly kind: 'answered'; readonly nonces: Nonces; readonly answer: SipAnswer; readonly refused?: string };

/** Digest authentication (RFC 3261 section 22, RFC 7616): unknown users are challenged and refused as wrong passwords are. */
export function authenticate(nonces: Nonces, exchange: Exchange, realm: Realm, policy: AuthenticationPolicy): Verdict {
  if (policy.challenge === 'nobody') return { kind: 'accepted', nonces, userName: undefined, fields: [] };
  const asked = { nonces: withoutOld(nonces, exchange.nowMs, realm.nonceAgeMs), exchange, realm, policy };
  const field = policy.challenge === 401 ? 'authorization' : 'proxy-authorization';
  const read = values(exchange.request.fields, field).map(readDigestCredentials);
  const wrong = read.find((one) => typeof one === 'string');
  if (wrong !== undefined) return badRequest(asked, wrong);
  const credentials = read.find((one) => typeof one === 'object' && one.realm === realm.name);
  if (typeof credentials !== 'object') return challenge(asked, {});
  if (credentials.uri !== exchange.request.uri) return badRequest(asked, 'uri of Authorization is not the Request-URI');
  if (credentials.opaque !== realm.opaque) return badRequest(asked, 'opaque was not returned');
  return judge(asked, credentials);
}

interface Asked {
  readonly nonces: Nonces;
  readonly exchange: Exchange;
  readonly realm: Realm;
  readonly policy: AuthenticationPolicy;
}

function judge(asked: Asked, credentials: DigestCredentials): Verdict {
  const { realm, policy, exchange } = asked;
  const refused = { refused: credentials.userName };
  const password = realm.passwords.get(credentials.userName);
  if (password === undefined || !policy.algorithms.includes(credentials.algorithm)) return challenge(asked, refused);
  const expected = digestResponse(credentials, exchange.request.method, password);
  if (credentials.response !== expected || policy.neverSatisfied) return challenge(asked, refused);
  const nonce = asked.nonces.get(credentials.nonce);
  const staleByFault = policy.stale === 'always' || (policy.stale === 'first' && nonce?.second === false);
  if (nonce === undefined || staleByFault) return challenge(asked, { stale: true });
  // A client without qop sends no count: it may use a nonce once.
  const count = credentials.protection?.count ?? 1;
  // RFC 7616 section 3.4: a count that was seen before is a replay.
  if (count <= nonce.highestCount) return challenge(asked, refused);
  return {
    kind: 'accepted',
    nonces: new Map(asked.nonces).set(credentials.nonce, { ...nonce, highestCount: count }),
    userName: credentials.userName,
    fields: proof(credentials, password),
  };
}

function challenge(asked: Asked, why: { readonly stale?: boolean; readonly refused?: string }): Verdict {
  const { exchange, realm, policy } = asked;
  const nonce = exchange.source.token;
  const proxy = policy.challenge === 407;
  const fields = policy.algorithms.map((algorithm) => ({
    name: proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate',
    value: `Digest realm="${realm.name}", nonce="${nonce}", opaque="${realm.opaque}", qop="auth", algorithm=${algorithm}${why.stale ? ', stale=true' : ''}`,
  }));
  const [status, reason] = proxy ? ([407, 'Proxy Authentication Required'] as const) : ([401, 'Unauthorized'] as const);
  const issued = { issuedAtMs: exchange.nowMs, highestCount: 0, second: why.stale === true };
  return {
    kind: 'answered',
    nonces: new Map(asked.nonces).set(nonce, issued),
    answer: answerTo(exchange.request, exchange.source, status, reason, fields),
    ...(why.refused === undefined ? {} : { refused: why.refused }),
  };
}

function badRequest(asked: Asked, reason: string): Verdict {
  const { request, source } = asked.exchange;
  return { kind: 'answered', nonces: asked.nonces, answer: answerTo(request, source, 400, reason) };
}

/** RFC 7616 section 3.5: the server proves that it knows the password, too. */
function proof(credentials: DigestCredentials, password: string): readonly HeaderField[] {
  if (credentials.protection === undefined) return [];
  const { count, cnonce } = credentials.protection;
  const rspauth = digestResponse(credentials, '', password);
  const value = `qop=auth, rspauth="${rspauth}", cnonce="${cnonce}", nc=${countText(count)}`;
  return [{ name: 'Authentication-Info', value }];
}

function withoutOld(nonces: Nonces, nowMs: number, ageMs: number): Nonces {
  const young = [...nonces].filter(([, nonce]) => nowMs - nonce.issuedAtMs < ageMs);
  return new Map(young.slice(-(maxNonces - 1)));
}
