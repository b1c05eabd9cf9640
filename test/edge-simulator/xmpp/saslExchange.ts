import { randomBytes } from 'node:crypto';
import { namespaces, written, type XmlElement } from './element.js';
import { type ClientFirst, conclude, readClientFirst, type StoredKey, writeChallenge } from './scram.js';

/** What the server answers, and what came of it: signed in, refused, or still going on. */
export interface SaslStep {
  readonly answer: string;
  readonly user?: string;
  readonly refused?: true;
}

interface Challenged {
  readonly first: ClientFirst;
  readonly challenge: string;
  readonly key: StoredKey;
}

/** The mechanisms that are offered, over TLS alone. */
export const mechanisms: readonly string[] = ['SCRAM-SHA-256', 'PLAIN'];

/** The server's side of SASL on one stream (RFC 6120 section 6): SCRAM-SHA-256 (RFC 7677) and PLAIN (RFC 4616). */
export class SaslExchange {
  readonly #keys: ReadonlyMap<string, StoredKey>;
  #challenged: Challenged | undefined;

  constructor(keys: ReadonlyMap<string, StoredKey>) {
    this.#keys = keys;
  }

  /** `condition`: every proof is refused with it, the right one too. */
  take(element: XmlElement, secured: boolean, condition: string | undefined): SaslStep {
    const challenged = this.#challenged;
    this.#challenged = undefined;
    if (element.name === 'abort') return refused('aborted');
    const data = readData(element.text);
    if (data === undefined) return refused('incorrect-encoding');
    if (element.name === 'response' && challenged !== undefined) return this.#conclude(challenged, data, condition);
    if (element.name !== 'auth') return refused('malformed-request');
    if (!secured) return refused('encryption-required');
    switch (element.attributes.get('mechanism')) {
      case 'SCRAM-SHA-256':
        return this.#challenge(data);
      case 'PLAIN':
        return this.#plain(data, condition);
      default:
        return refused('invalid-mechanism');
    }
  }

  #challenge(data: string): SaslStep {
    const first = readClientFirst(data);
    if (first === undefined) return refused('malformed-request');
    const key = this.#keys.get(first.user);
    if (key === undefined) return refused('not-authorized');
    const challenge = writeChallenge(first, randomBytes(18).toString('base64url'), key);
    this.#challenged = { first, challenge, key };
    return { answer: saslElement('challenge', challenge) };
  }

  #conclude({ first, challenge, key }: Challenged, data: string, condition: string | undefined): SaslStep {
    const final = conclude(first, challenge, data, key);
    if (final === undefined || condition !== undefined) return refused(condition ?? 'not-authorized');
    return { answer: saslElement('success', final), user: first.user };
  }

  #plain(data: string, condition: string | undefined): SaslStep {
    const [, user = '', password = ''] = data.split('\0');
    const key = this.#keys.get(user);
    if (key === undefined || !key.isOf(password) || condition !== undefined)
      return refused(condition ?? 'not-authorized');
    return { answer: saslElement('success', ''), user };
  }
}

function refused(condition: string): SaslStep {
  const answer = written('failure', { xmlns: namespaces.sasl }, written(condition, {}));
  return { answer, refused: true };
}

function saslElement(name: string, data: string): string {
  return written(name, { xmlns: namespaces.sasl }, Buffer.from(data).toString('base64'));
}

function readData(text: string): string | undefined {
  const plain = text.trim();
  if (plain === '=') return '';
  return /^[A-Za-z0-9+/]*={0,2}$/.test(plain) ? Buffer.from(plain, 'base64').toString() : undefined;
}
