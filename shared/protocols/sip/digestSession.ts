import { type Diagnosis, diagnosis } from '../../domain/diagnosis.js';
import type { Account } from '../../domain/edge.js';
import type { SipResponse } from './answer.js';
import { challengesOf } from './challenge.js';
import {
  type DigestChallenge,
  type DigestReading,
  type DigestRequest,
  digestCredentials,
  readDigestChallenge,
  serverProof,
} from './digest.js';
import { headerValue } from './rawMessage.js';

/** A nonce may have gone stale in the meantime, and its successor too; a third time for one request is a fault of the server. */
const mostStale = 2;
/** A registrar behind two proxies asks three times. */
const mostRealms = 4;

export type DigestDecision =
  | { readonly kind: 'answer'; readonly headers: readonly string[] }
  | { readonly kind: 'refused'; readonly diagnosis: Diagnosis };

interface Protection {
  readonly challenge: DigestChallenge;
  /** How often in a row the server called the nonce stale. */
  stale: number;
  /** The server took credentials made with this nonce. */
  accepted: boolean;
  used: number;
  last: DigestRequest | undefined;
}

/**
 * Digest authentication of one account on one connection (RFC 3261 section 22): answers each realm's challenge once,
 * and again only where the server says that the nonce was stale. A refused password is never tried a second time.
 */
export class DigestSession {
  readonly #account: Account;
  readonly #makeCnonce: () => string;
  readonly #realms = new Map<string, Protection>();

  constructor(account: Account, makeCnonce: () => string) {
    this.#account = account;
    this.#makeCnonce = makeCnonce;
  }

  /** Has the server asked for the password so far? */
  get challenged(): boolean {
    return this.#realms.size > 0;
  }

  /** Header fields for a new request to which the server's challenges are known already; none before the first. */
  credentials(method: string, uri: string): string[] {
    // A server may let each nonce serve one request only: that is no loop.
    for (const protection of this.#realms.values()) protection.stale = 0;
    return this.#sign(method, uri);
  }

  #sign(method: string, uri: string): string[] {
    return [...this.#realms.values()].map((protection) => {
      protection.used += 1;
      protection.last = {
        method,
        uri,
        userName: this.#account.userName,
        password: this.#account.password.reveal(),
        cnonce: this.#makeCnonce(),
        nonceCount: protection.used,
      };
      const field = protection.challenge.from === 'proxy' ? 'Proxy-Authorization' : 'Authorization';
      return `${field}: ${digestCredentials(protection.challenge, protection.last)}`;
    });
  }

  /** The server has taken the credentials of the last request. */
  accepted(): void {
    for (const protection of this.#realms.values()) protection.accepted = true;
  }

  /** What to do about a 401 or 407 to `method`. */
  respond(response: SipResponse, method: string, uri: string): DigestDecision {
    const from = response.status === 407 ? 'proxy' : 'registrar';
    const readings = challengesOf(response.message)
      .filter((challenge) => challenge.from === from)
      .map(readDigestChallenge);
    const found = readings.find((reading) => reading.kind === 'digest');
    if (!found) return refuse(unanswerable(response, readings));

    const { challenge } = found;
    const realm = `${from} ${challenge.realm}`;
    const before = this.#realms.get(realm);
    // A nonce that was good before may have run out: only one that never was tells of a wrong password.
    if (before && !challenge.stale && !before.accepted) return refuse(rejected(response, method, this.#account));
    const stale = before ? before.stale + 1 : 0;
    if (stale > mostStale || (!before && this.#realms.size >= mostRealms)) return refuse(looping(response, stale));
    this.#realms.set(realm, { challenge, stale, accepted: false, used: 0, last: undefined });
    return { kind: 'answer', headers: this.#sign(method, uri) };
  }

  /** A diagnosis when the server's own proof, which it need not send, is wrong (RFC 7616 section 3.5). */
  checkServer(response: SipResponse): Diagnosis | undefined {
    const value = headerValue(response.message, 'authentication-info');
    if (value === undefined) return undefined;
    const proofs = [...this.#realms.values()].map(({ challenge, last }) => last && serverProof(value, challenge, last));
    if (proofs.includes(true) || !proofs.includes(false)) return undefined;
    return diagnosis('AUTH_SERVER_PROOF_WRONG', {
      error: 'the rspauth in Authentication-Info does not match the password of the account',
    });
  }
}

function refuse(found: Diagnosis): DigestDecision {
  return { kind: 'refused', diagnosis: found };
}

function rejected(response: SipResponse, method: string, account: Account): Diagnosis {
  return diagnosis('AUTH_CREDENTIALS_REJECTED', {
    error: `server answered ${response.status} ${response.reasonPhrase} to ${method} with the credentials of ${account.userName}`,
    serverDiagnosis: headerValue(response.message, 'warning'),
  });
}

function looping(response: SipResponse, stale: number): Diagnosis {
  const what =
    stale > mostStale
      ? `called its own nonce stale ${stale} times in a row`
      : `asked for more than ${mostRealms} realms`;
  return diagnosis('AUTH_CHALLENGE_LOOP', {
    error: `server answered ${response.status} ${response.reasonPhrase} again: it ${what}`,
  });
}

function unanswerable(response: SipResponse, readings: readonly DigestReading[]): Diagnosis {
  const status = `${response.status} ${response.reasonPhrase}`;
  const unsupported = readings.flatMap((reading) => (reading.kind === 'unsupported' ? [reading.what] : []));
  if (unsupported.length > 0) {
    const error = `server answered ${status} and asks for ${unsupported.join(', ')}; spoken here are MD5, SHA-256 and SHA-512-256 with qop auth`;
    return diagnosis('AUTH_ALGORITHM_UNSUPPORTED', { error });
  }
  const malformed = readings.flatMap((reading) => (reading.kind === 'malformed' ? [reading.what] : []));
  const schemes = readings.flatMap((reading) => (reading.kind === 'other-scheme' ? [reading.scheme] : []));
  if (malformed.length > 0 || schemes.length === 0) {
    const what = malformed[0] ?? `no ${response.status === 407 ? 'Proxy' : 'WWW'}-Authenticate header field`;
    return diagnosis('AUTH_CHALLENGE_MALFORMED', { error: `server answered ${status} with ${what}` });
  }
  return diagnosis('AUTH_SCHEME_UNSUPPORTED', {
    error: `server answered ${status} and offers ${schemes.join(', ')}; spoken here is Digest`,
  });
}
