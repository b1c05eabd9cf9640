import { answerTo, type SipAnswer } from '../sip/answer.js';
import { type HeaderField, sequenceOf, value } from '../sip/message.js';
import { readNameAddress, readSipUri, type SipAddress } from '../sip/values.js';
import { type AuthenticationPolicy, authenticate, type Nonces, type Realm } from './authentication.js';
import { type Binding, type Change, changed, contactFields, isOutOfOrder, stillBound } from './bindings.js';
import { type RegisterWish, readRegister } from './registerRequest.js';
import type { Exchange } from './service.js';

/** Everything a registrar remembers. */
export interface RegistrarState {
  readonly nonces: Nonces;
  readonly bindings: readonly Binding[];
  readonly signIns: ReadonlyMap<string, SignIns>;
}

/** How often a user's credentials were accepted and refused; challenges alone do not count. */
export interface SignIns {
  readonly accepted: number;
  readonly refused: number;
}

export interface Registered {
  readonly state: RegistrarState;
  readonly answer: SipAnswer;
}

const minExpiresSeconds = 30;
const maxExpiresSeconds = 3600;
const maxBindings = 20;

/** A registrar that has seen nobody yet. */
export function newRegistrar(realm: Realm): RegistrarState {
  const signIns = new Map([...realm.passwords.keys()].map((user) => [user, { accepted: 0, refused: 0 }]));
  return { nonces: new Map(), bindings: [], signIns };
}

/** Answers one REGISTER (RFC 3261 section 10.3): who is it, may it, and what is bound afterwards. */
export function register(
  before: RegistrarState,
  exchange: Exchange,
  realm: Realm,
  policy: AuthenticationPolicy,
): Registered {
  const current = { ...before, bindings: stillBound(before.bindings, exchange.nowMs) };
  const verdict = authenticate(current.nonces, exchange, realm, policy);
  const state = { ...current, nonces: verdict.nonces };
  if (verdict.kind === 'answered') {
    return { state: counted(state, verdict.refused, 'refused'), answer: verdict.answer };
  }
  const known = counted(state, verdict.userName, 'accepted');
  const owner = ownerOf(exchange, realm, verdict.userName);
  if (typeof owner === 'string') return bind(known, exchange, owner, verdict.fields);
  return { state: known, answer: answerTo(exchange.request, exchange.source, ...owner) };
}

/** RFC 5626 section 3: what was registered over a connection ends with it. */
export function dropFlow(state: RegistrarState, flow: number): RegistrarState {
  return { ...state, bindings: state.bindings.filter((binding) => binding.flow !== flow) };
}

/** The user whose bindings may be changed, or the answer that says why nobody's (RFC 3261 section 10.3 steps 1, 4 and 5). */
function ownerOf(exchange: Exchange, realm: Realm, userName: string | undefined): string | readonly [number, string] {
  const { request } = exchange;
  if (readSipUri(request.uri)?.host !== realm.name) return [404, 'Request-URI is not of this domain'];
  const to = addressIn(value(request.fields, 'to'));
  const from = addressIn(value(request.fields, 'from'));
  if (to === undefined || from === undefined) return [400, 'To or From cannot be read'];
  if (to.user !== from.user || to.host !== from.host) return [403, 'From is not To'];
  if (to.host !== realm.name) return [404, 'To is not of this domain'];
  if (userName !== undefined && to.user !== userName) return [403, 'To is another user'];
  return realm.passwords.has(to.user) ? to.user : [404, 'Not Found'];
}

function bind(state: RegistrarState, exchange: Exchange, user: string, proof: readonly HeaderField[]): Registered {
  const { request, source, flow, nowMs } = exchange;
  const wish = readRegister(request);
  const rejected = (status: number, reason: string, fields: readonly HeaderField[] = []): Registered => ({
    state,
    answer: answerTo(request, source, status, reason, [...fields, ...proof]),
  });
  if (wish.kind === 'malformed') return rejected(400, wish.reason);
  if (isTooBrief(wish)) {
    return rejected(423, 'Interval Too Brief', [{ name: 'Min-Expires', value: String(minExpiresSeconds) }]);
  }
  const change = { user, callId: value(request.fields, 'call-id') ?? '', sequence: sequenceOf(request), flow, nowMs };
  const uris = wish.kind === 'change' ? wish.contacts.map((contact) => contact.uri) : ownUris(state.bindings, user);
  if (wish.kind !== 'fetch' && isOutOfOrder(state.bindings, change, uris)) return rejected(500, 'CSeq is out of order');
  const bindings = applied(state.bindings, change, wish);
  if (ownUris(bindings, user).length > maxBindings) return rejected(403, `more than ${maxBindings} bindings`);
  const fields = [...contactFields(bindings, user, nowMs), { name: 'Date', value: new Date(nowMs).toUTCString() }];
  return { state: { ...state, bindings }, answer: answerTo(request, source, 200, 'OK', [...fields, ...proof]) };
}

function applied(bindings: readonly Binding[], change: Change, wish: RegisterWish): readonly Binding[] {
  if (wish.kind === 'remove-all') return bindings.filter((binding) => binding.user !== change.user);
  if (wish.kind !== 'change') return bindings;
  const contacts = wish.contacts.map((contact) => ({
    ...contact,
    expiresSeconds: Math.min(contact.expiresSeconds, maxExpiresSeconds),
  }));
  return changed(bindings, change, contacts);
}

function isTooBrief(wish: RegisterWish): boolean {
  if (wish.kind !== 'change') return false;
  return wish.contacts.some(({ expiresSeconds }) => expiresSeconds > 0 && expiresSeconds < minExpiresSeconds);
}

function ownUris(bindings: readonly Binding[], user: string): readonly string[] {
  return bindings.filter((binding) => binding.user === user).map((binding) => binding.uri);
}

function addressIn(text: string | undefined): SipAddress | undefined {
  const uri = readNameAddress(text ?? '')?.uri;
  return uri === undefined ? undefined : readSipUri(uri);
}

/** Only known users are counted: names that a peer makes up must not fill the memory. */
function counted(state: RegistrarState, user: string | undefined, what: keyof SignIns): RegistrarState {
  const before = user === undefined ? undefined : state.signIns.get(user);
  if (user === undefined || before === undefined) return state;
  return { ...state, signIns: new Map(state.signIns).set(user, { ...before, [what]: before[what] + 1 }) };
}
