import { randomBytes } from 'node:crypto';
import { answerTo, type SipAnswer } from '../../sip/answer.js';
import { type HeaderField, values } from '../../sip/message.js';
import { type Parameters, readParameters, splitOutside } from '../../sip/values.js';
import type { ClientResponse, Exchange } from '../service.js';
import { ServerAssociation } from './association.js';
import type { LyncPolicy } from './lyncPolicy.js';
import { readAuthenticate, type ServerNames, writeChallenge } from './ntlmMessages.js';
import { verifyAuthenticate } from './ntlmVerifier.js';

/** Who sent a request, with what the answer to its sign-in shows in turn, or what to answer instead. */
export type LyncVerdict =
  | { readonly kind: 'accepted'; readonly user: string; readonly proof: readonly HeaderField[] }
  | { readonly kind: 'answered'; readonly answer: SipAnswer; readonly refused?: string };

export interface FrontEndOptions {
  readonly domain: string;
  /** By user name without a domain. */
  readonly passwords: ReadonlyMap<string, string>;
  readonly policy: () => LyncPolicy;
  /** Right credentials are refused as wrong ones are. */
  readonly neverSatisfied: () => boolean;
}

interface Pending {
  readonly flow: number;
  readonly serverChallenge: Buffer;
}

const realm = 'SIP Communications Service';
const mostPending = 1000;

/** The front end's part in authentication: offers schemes, runs NTLM (MS-SIPAE 3.2), and knows its associations. */
export class FrontEnd {
  readonly targetName: string;
  readonly netBiosDomain: string;
  readonly #options: FrontEndOptions;
  readonly #names: ServerNames;
  readonly #pending = new Map<string, Pending>();
  readonly #associations = new Map<string, ServerAssociation>();
  readonly #byFlow = new Map<number, ServerAssociation>();
  readonly #forgotten = new Set<number>();

  constructor(options: FrontEndOptions) {
    const { domain } = options;
    this.#options = options;
    this.targetName = `fe01.${domain}`;
    this.netBiosDomain = (domain.split('.')[0] ?? domain).toUpperCase();
    this.#names = { domain: this.netBiosDomain, computer: 'FE01', dnsDomain: domain, dnsComputer: this.targetName };
  }

  /** Is there an association with whoever is at the other end of a connection? */
  knows(flow: number): boolean {
    return this.#byFlow.has(flow);
  }

  /** Authenticates one request: by its signature, or by the next leg of the sign-in. */
  authenticate(exchange: Exchange): LyncVerdict {
    const parameters = credentialsOf(exchange.request.fields);
    if (parameters === undefined) return this.#offer(exchange);
    const opaque = parameters.get('opaque') ?? '';
    const data = parameters.get('gssapi-data');
    if (data === '' && opaque === '') return this.#challenge(exchange);
    if (data) return this.#conclude(exchange, parameters, opaque, data);
    return this.#signed(exchange, parameters, opaque);
  }

  /** Is a client's response signed as it should be? Provisional ones need no signature. */
  believes({ flow, status, fields }: ClientResponse): boolean {
    if (status < 200) return true;
    const parameters = credentialsOf(fields);
    return parameters !== undefined && this.#byFlow.get(flow)?.check(fields, parameters, status) === undefined;
  }

  /** The header fields of a message as they leave the front end: signed for whoever signed in over the connection. */
  seal(flow: number, fields: readonly HeaderField[], status?: number): readonly HeaderField[] {
    const named = asFrontEnd(fields);
    const association = this.#byFlow.get(flow);
    // Provisional responses and challenges are never signed.
    const exempt = status !== undefined && (status < 200 || status === 401 || status === 407);
    if (association === undefined || exempt) return named;
    const rand = randomBytes(4).toString('hex').toUpperCase();
    return association.sign(named, this.#options.policy(), rand, status);
  }

  /** An association lives no longer than its connection. */
  dropFlow(flow: number): void {
    this.#forgotten.delete(flow);
    this.#forget(flow);
    for (const [opaque, pending] of this.#pending) if (pending.flow === flow) this.#pending.delete(opaque);
  }

  #forget(flow: number): void {
    this.#byFlow.delete(flow);
    for (const [opaque, { agreed }] of this.#associations) if (agreed.flow === flow) this.#associations.delete(opaque);
  }

  /** Forgets the sign-in before a request that relies on it, as the policy wants it. */
  #mayForget({ request, flow }: Exchange): void {
    const { forgets } = this.#options.policy();
    if (request.method === 'REGISTER' || forgets === 'never' || (forgets === 'once' && this.#forgotten.has(flow)))
      return;
    this.#forgotten.add(flow);
    this.#forget(flow);
  }

  #offer(exchange: Exchange, refused?: string, reason = ''): LyncVerdict {
    const { offers, version } = this.#options.policy();
    const fields = offers.map((scheme) => ({
      name: 'WWW-Authenticate',
      value: `${scheme} realm="${realm}", targetname="${scheme === 'Kerberos' ? 'sip/' : ''}${this.targetName}"${version === 2 ? '' : `, version=${version}`}`,
    }));
    const why = reason === '' ? [] : [{ name: 'ms-diagnostics', value: reason }];
    const answer = this.#unauthorized(exchange, [...fields, ...why]);
    return { kind: 'answered', answer, ...(refused === undefined ? {} : { refused }) };
  }

  #challenge(exchange: Exchange): LyncVerdict {
    const { version, challenge: form } = this.#options.policy();
    const opaque = randomBytes(4).toString('hex').toUpperCase();
    const serverChallenge = randomBytes(8);
    const [oldest] = this.#pending.keys();
    if (this.#pending.size >= mostPending && oldest !== undefined) this.#pending.delete(oldest);
    this.#pending.set(opaque, { flow: exchange.flow, serverChallenge });
    const data = writeChallenge(this.#names, serverChallenge, exchange.nowMs, form).toString('base64');
    const value = `NTLM opaque="${opaque}", gssapi-data="${data}", targetname="${this.targetName}", realm="${realm}"${version === 2 ? '' : `, version=${version}`}`;
    return { kind: 'answered', answer: this.#unauthorized(exchange, [{ name: 'WWW-Authenticate', value }]) };
  }

  #conclude(exchange: Exchange, parameters: Parameters, opaque: string, data: string): LyncVerdict {
    const pending = this.#pending.get(opaque);
    this.#pending.delete(opaque);
    const message = readAuthenticate(Buffer.from(data, 'base64'));
    if (pending === undefined || pending.flow !== exchange.flow || typeof message === 'string') {
      return this.#offer(exchange, undefined, '1000;reason="Final handshake failed";HRESULT="0x80090308"');
    }
    const user = this.#userOf(message.user, message.domain);
    const password = this.#options.passwords.get(user) ?? '';
    const { version, clockDiffersMs } = this.#options.policy();
    if (clockDiffersMs !== 0) return this.#offer(exchange, user, '1013;reason="Significant time skew detected"');
    const keys = verifyAuthenticate(message, pending.serverChallenge, password);
    const known = this.#options.passwords.has(user) && !this.#options.neverSatisfied();
    if (keys === undefined || !known) return this.#failed(exchange, user);
    const { flow } = exchange;
    const { targetName } = this;
    const association = new ServerAssociation({ opaque, realm, targetName, version, keys, user, flow });
    if (version === 4 && association.check(exchange.request.fields, parameters) !== undefined)
      return this.#failed(exchange, user);
    this.#associations.set(opaque, association);
    this.#byFlow.set(flow, association);
    return accepted(association);
  }

  #failed(exchange: Exchange, user: string): LyncVerdict {
    return this.#offer(
      exchange,
      user,
      `1000;reason="Final handshake failed";source="${this.targetName}";HRESULT="0x8009030C"`,
    );
  }

  #signed(exchange: Exchange, parameters: Parameters, opaque: string): LyncVerdict {
    this.#mayForget(exchange);
    const association = this.#associations.get(opaque);
    if (association === undefined || association.agreed.flow !== exchange.flow) return this.#offer(exchange);
    const wrong = association.check(exchange.request.fields, parameters);
    if (wrong === undefined) return accepted(association);
    return this.#offer(exchange, association.agreed.user, `1000;reason="${wrong}";source="${this.targetName}"`);
  }

  /** `user@domain` without a domain beside it, `DOMAIN\user`, or `user` alone. */
  #userOf(user: string, domain: string): string {
    const suffix = `@${this.#options.domain}`;
    if (domain === '')
      return (user.toLowerCase().endsWith(suffix) ? user.slice(0, -suffix.length) : user).toLowerCase();
    return domain.toUpperCase() === this.netBiosDomain ? user.toLowerCase() : '';
  }

  #unauthorized({ request, source, nowMs }: Exchange, fields: readonly HeaderField[]): SipAnswer {
    const date = new Date(nowMs + this.#options.policy().clockDiffersMs).toUTCString();
    return answerTo(request, source, 401, 'Unauthorized', [{ name: 'Date', value: date }, ...fields]);
  }
}

/** The signature that every message gets is all the proof there is. */
function accepted({ agreed }: ServerAssociation): LyncVerdict {
  return { kind: 'accepted', user: agreed.user, proof: [] };
}

/** Clients read from Server which generation they talk to: 5.0 is Lync Server 2013. */
function asFrontEnd(fields: readonly HeaderField[]): readonly HeaderField[] {
  return fields.map((field) => (field.name === 'Server' ? { ...field, value: 'RTC/5.0' } : field));
}

function credentialsOf(fields: readonly HeaderField[]): Parameters | undefined {
  const given = [...values(fields, 'authorization'), ...values(fields, 'proxy-authorization')];
  const ntlm = given.map((text) => /^NTLM\s+(.*)$/is.exec(text)?.[1]).find((list) => list !== undefined);
  return ntlm === undefined ? undefined : readParameters(splitOutside(ntlm, ','));
}
