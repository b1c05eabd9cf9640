import { answerTo } from '../../sip/answer.js';
import { value, values } from '../../sip/message.js';
import { readNameAddress, readSipUri } from '../../sip/values.js';
import { type AuthenticationPolicy, authenticate, type Nonces, type Realm } from '../authentication.js';
import type { Exchange } from '../service.js';
import type { LyncVerdict } from './frontEnd.js';
import { Noted } from './im/dialogs.js';

/** Authentication of users by Digest, request for request: nothing is signed (RFC 3261 section 22). */
export class DigestDoor {
  readonly #realm: Realm;
  readonly #policy: () => AuthenticationPolicy;
  readonly #userByFlow = new Map<number, string>();
  readonly #invited = new Noted();
  #nonces: Nonces = new Map();

  constructor(realm: Realm, policy: () => AuthenticationPolicy) {
    this.#realm = withDomainNames(realm);
    this.#policy = policy;
  }

  /** Has somebody been let in over a connection? */
  knows(flow: number): boolean {
    return this.#userByFlow.has(flow);
  }

  authenticate(exchange: Exchange): LyncVerdict {
    const { request, flow } = exchange;
    if (request.method === 'ACK' || request.method === 'CANCEL') return this.#unchallenged(exchange);
    const verdict = authenticate(this.#nonces, exchange, this.#realm, this.#policy());
    this.#nonces = verdict.nonces;
    if (verdict.kind === 'answered') {
      const { answer, refused } = verdict;
      return { kind: 'answered', answer, ...(refused === undefined ? {} : { refused: plainName(refused) }) };
    }
    const from = readSipUri(readNameAddress(value(request.fields, 'from') ?? '')?.uri ?? '')?.user ?? '';
    const user = plainName(verdict.userName ?? from);
    this.#userByFlow.set(flow, user);
    if (request.method === 'INVITE') this.#invited.add(credentialsIn(exchange));
    return { kind: 'accepted', user, proof: verdict.fields };
  }

  dropFlow(flow: number): void {
    this.#userByFlow.delete(flow);
  }

  /** Section 22.1: neither can be challenged. An ACK repeats the credentials of its INVITE, a CANCEL comes the same way. */
  #unchallenged(exchange: Exchange): LyncVerdict {
    const { request, source, flow } = exchange;
    const user = this.#userByFlow.get(flow);
    const proved = request.method === 'CANCEL' || this.#invited.has(credentialsIn(exchange));
    if (user !== undefined && proved) return { kind: 'accepted', user, proof: [] };
    return { kind: 'answered', answer: answerTo(request, source, 403, 'Forbidden') };
  }
}

function credentialsIn({ request, flow }: Exchange): string {
  return [String(flow), ...values(request.fields, 'authorization')].join(' ');
}

/** Users go by the name that Active Directory gives them, too: `DOMAIN\user`. */
function withDomainNames(realm: Realm): Realm {
  const domain = (realm.name.split('.')[0] ?? '').toUpperCase();
  const named = [...realm.passwords].map(([name, password]): [string, string] => [`${domain}\\${name}`, password]);
  return { ...realm, passwords: new Map([...realm.passwords, ...named]) };
}

function plainName(userName: string): string {
  return userName.replace(/^.*\\/, '').toLowerCase();
}
