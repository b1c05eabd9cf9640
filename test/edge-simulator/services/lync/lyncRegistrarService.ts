import { answerTo, type SipAnswer } from '../../sip/answer.js';
import { type HeaderField, value } from '../../sip/message.js';
import { readNameAddress, readSipUri } from '../../sip/values.js';
import type { Exchange, Outgoing, SipService } from '../service.js';
import type { Doorkeeper } from './digestOrNtlm.js';
import { type LyncBinding, lyncContacts, lyncExpiresSeconds, readEndpoint } from './lyncBindings.js';
import type { LyncPolicy } from './lyncPolicy.js';

export interface LyncRegistrarOptions {
  readonly door: Doorkeeper;
  /** The front end's own name. */
  readonly host: string;
  readonly domain: string;
  readonly users: readonly string[];
  readonly policy: () => LyncPolicy;
  /** What follows for others when an endpoint is no longer signed in. */
  readonly signedOut: (binding: LyncBinding, nowMs: number) => readonly Outgoing[];
}

/** A registrar that tells other services who is signed in where, the latest last. */
export interface LyncRegistrar extends SipService {
  bindings(): readonly LyncBinding[];
}

/** What a client may subscribe to here. */
const lyncEvents = [
  'vnd-microsoft-provisioning-v2',
  'vnd-microsoft-roaming-contacts',
  'vnd-microsoft-roaming-self',
  'presence',
];

/** The user services of a front end (MS-SIPREGE): who is signed in where. */
export function lyncRegistrarService(options: LyncRegistrarOptions): LyncRegistrar {
  const { door, host, domain, users, policy, signedOut } = options;
  let bindings: readonly LyncBinding[] = [];
  const signIns = new Map(users.map((user) => [user, { accepted: 0, refused: 0 }]));
  const count = (user: string | undefined, what: 'accepted' | 'refused'): void => {
    const counts = user === undefined ? undefined : signIns.get(user);
    if (counts !== undefined) counts[what] += 1;
  };

  /** What becomes of an authenticated REGISTER, before it is signed. */
  const bind = (exchange: Exchange, user: string, proof: readonly HeaderField[]): SipAnswer => {
    const { request, source, flow, nowMs } = exchange;
    const refuse = (status: number, reason: string, diagnostics: string): SipAnswer =>
      answerTo(request, source, status, reason, [{ name: 'ms-diagnostics', value: `${diagnostics};source="${host}"` }]);
    const { refusal } = policy();
    if (refusal !== undefined) {
      return answerTo(request, source, refusal.status, refusal.reasonPhrase, refusal.fields);
    }
    if (ownerOf(exchange) !== user) {
      return refuse(403, 'Forbidden', '4004;reason="Credentials may not act as this user"');
    }
    const endpoint = readEndpoint(request);
    if (endpoint.kind === 'refused') return refuse(400, 'Bad Request', endpoint.diagnostics);
    const others = bindings.filter((bound) => bound.user !== user || bound.epid !== endpoint.epid);
    const known = others.length !== bindings.length;
    if (others.length >= mostBindings) return refuse(503, 'Service Unavailable', '1;reason="Too many endpoints"');
    const removal = value(request.fields, 'expires') === '0';
    const expiresAtMs = nowMs + lyncExpiresSeconds * 1000;
    bindings = removal ? others : [...others, { ...endpoint, user, flow, expiresAtMs }];
    return answerTo(request, source, 200, 'OK', [
      ...lyncContacts(bindings, user, domain, nowMs),
      { name: 'Expires', value: String(removal ? 0 : lyncExpiresSeconds) },
      { name: 'presence-state', value: `register-action="${removal ? 'removed' : known ? 'refreshed' : 'added'}"` },
      ...(removal ? [] : granted),
      ...proof,
      { name: 'Date', value: new Date(nowMs).toUTCString() },
    ]);
  };

  /** Takes away what `ends` says, and tells the others. */
  const end = (ends: (binding: LyncBinding) => boolean, nowMs: number): readonly Outgoing[] => {
    const over = bindings.filter(ends);
    bindings = bindings.filter((binding) => !ends(binding));
    return over.flatMap((binding) => signedOut(binding, nowMs));
  };

  const ownerOf = ({ request }: Exchange): string | undefined => {
    const [from, to] = ['from', 'to'].map((name) =>
      readSipUri(readNameAddress(value(request.fields, name) ?? '')?.uri ?? ''),
    );
    return from?.host === domain && to?.host === domain && from.user === to.user ? from.user.toLowerCase() : undefined;
  };

  return {
    methods: ['REGISTER'],
    answer(exchange) {
      const verdict = door.authenticate(exchange);
      if (verdict.kind === 'answered') {
        count(verdict.refused, 'refused');
        return [{ flow: exchange.flow, answer: verdict.answer }];
      }
      const { user, proof } = verdict;
      count(user, 'accepted');
      const before = bindings;
      const answer = bind(exchange, user, proof);
      const removed = before.filter(({ epid }) => !bindings.some((one) => one.user === user && one.epid === epid));
      const gone = removed.filter((binding) => binding.user === user);
      return [{ flow: exchange.flow, answer }, ...gone.flatMap((binding) => signedOut(binding, exchange.nowMs))];
    },
    bindings: () => bindings,
    expire: (nowMs) => end(({ expiresAtMs }) => expiresAtMs <= nowMs, nowMs),
    flowClosed(flow, nowMs) {
      door.dropFlow(flow);
      return end((binding) => binding.flow === flow, nowMs);
    },
    seal: (flow, fields, status) => door.seal(flow, fields, status),
    describe: (nowMs) => ({
      bindings: bindings.map((binding) => ({
        addressOfRecord: `sip:${binding.user}@${domain}`,
        contact: binding.contactUri,
        epid: binding.epid,
        expiresInMs: binding.expiresAtMs - nowMs,
        flow: binding.flow,
      })),
      signIns: Object.fromEntries([...signIns].map(([user, counts]) => [user, { ...counts }])),
    }),
  };
}

const mostBindings = 50;

/** What a client reads from the answer to its sign-in; each Supported on a line of its own, as servers write it. */
const granted: readonly HeaderField[] = [
  { name: 'ms-keep-alive', value: 'UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300' },
  { name: 'Allow-Events', value: lyncEvents.join(',') },
  { name: 'Supported', value: 'adhoclist' },
  { name: 'Supported', value: 'msrtc-event-categories' },
  { name: 'ms-user-logon-data', value: 'RemoteUser' },
];
