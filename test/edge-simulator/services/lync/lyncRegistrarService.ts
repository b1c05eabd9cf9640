import { answerTo, type SipAnswer } from '../../sip/answer.js';
import { type HeaderField, value } from '../../sip/message.js';
import { readNameAddress, readSipUri } from '../../sip/values.js';
import type { Exchange, SipService } from '../service.js';
import type { FrontEnd } from './frontEnd.js';
import { type LyncBinding, lyncContacts, lyncExpiresSeconds, readEndpoint } from './lyncBindings.js';
import type { LyncPolicy } from './lyncPolicy.js';

export interface LyncRegistrarOptions {
  readonly frontEnd: FrontEnd;
  readonly domain: string;
  readonly users: readonly string[];
  readonly policy: () => LyncPolicy;
}

/** What a client may subscribe to here. */
export const lyncEvents = [
  'vnd-microsoft-provisioning-v2',
  'vnd-microsoft-roaming-contacts',
  'vnd-microsoft-roaming-self',
];

/** The user services of a front end (MS-SIPREGE): who is signed in where. */
export function lyncRegistrarService({ frontEnd, domain, users, policy }: LyncRegistrarOptions): SipService {
  let bindings: readonly LyncBinding[] = [];
  const signIns = new Map(users.map((user) => [user, { accepted: 0, refused: 0 }]));
  const count = (user: string | undefined, what: 'accepted' | 'refused'): void => {
    const counts = user === undefined ? undefined : signIns.get(user);
    if (counts !== undefined) counts[what] += 1;
  };

  /** What becomes of an authenticated REGISTER, before it is signed. */
  const bind = (exchange: Exchange, user: string): SipAnswer => {
    const { request, source, flow, nowMs } = exchange;
    const refuse = (status: number, reason: string, diagnostics: string): SipAnswer =>
      answerTo(request, source, status, reason, [
        { name: 'ms-diagnostics', value: `${diagnostics};source="${frontEnd.targetName}"` },
      ]);
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
    const removal = value(request.fields, 'expires') === '0';
    const expiresAtMs = nowMs + lyncExpiresSeconds * 1000;
    bindings = removal ? others : [...others, { ...endpoint, user, flow, expiresAtMs }];
    return answerTo(request, source, 200, 'OK', [
      ...lyncContacts(bindings, user, domain, nowMs),
      { name: 'Expires', value: String(removal ? 0 : lyncExpiresSeconds) },
      { name: 'presence-state', value: `register-action="${removal ? 'removed' : known ? 'refreshed' : 'added'}"` },
      ...(removal ? [] : granted),
      { name: 'Date', value: new Date(nowMs).toUTCString() },
    ]);
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
      const verdict = frontEnd.authenticate(exchange);
      if (verdict.kind === 'answered') {
        count(verdict.refused, 'refused');
        return [{ flow: exchange.flow, answer: verdict.answer }];
      }
      const { user } = verdict.association.agreed;
      count(user, 'accepted');
      return [{ flow: exchange.flow, answer: frontEnd.sign(bind(exchange, user), verdict.association) }];
    },
    flowClosed(flow) {
      bindings = bindings.filter((binding) => binding.flow !== flow);
      frontEnd.dropFlow(flow);
      return [];
    },
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

/** What a client reads from the answer to its sign-in; each Supported on a line of its own, as servers write it. */
const granted: readonly HeaderField[] = [
  { name: 'ms-keep-alive', value: 'UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300' },
  { name: 'Allow-Events', value: lyncEvents.join(',') },
  { name: 'Supported', value: 'adhoclist' },
  { name: 'Supported', value: 'msrtc-event-categories' },
  { name: 'ms-user-logon-data', value: 'RemoteUser' },
];
