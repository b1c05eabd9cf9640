import { answerTo } from '../../../sip/answer.js';
import { value } from '../../../sip/message.js';
import type { Outgoing } from '../../service.js';
import type { LyncPolicy } from '../lyncPolicy.js';
import { type Admitted, type PoolService, refusing } from '../poolService.js';
import type { Pool } from '../routing.js';
import { PresenceDesk } from './presenceDesk.js';
import { withoutEndpoint, withoutExpired } from './publications.js';
import { publish } from './publish.js';
import { publishType } from './publishRequest.js';
import { subscribe } from './subscribe.js';
import { counted, notification } from './subscription.js';

export interface LyncPresenceOptions {
  readonly pool: Pool;
  readonly policy: () => LyncPolicy;
  /** The provisioning groups that clients may ask for, with what each holds. */
  readonly groups: () => ReadonlyMap<string, string>;
}

/** Changes of contacts and of access rights are taken and have no effect. */
const takenTypes = [
  'application/soap+xml',
  'application/msrtc-setcontainermembers+xml',
  'application/msrtc-presence-setsubscriber+xml',
];

/** Enhanced presence (MS-PRES): categories, containers, own data, contacts, settings. */
export function lyncPresenceService({ pool, policy, groups }: LyncPresenceOptions): PoolService {
  const desk = new PresenceDesk(pool);
  /** The endpoints before whose publication another published once. */
  const overtaken = new Set<string>();

  const overtakes = ({ user, binding }: Admitted): boolean => {
    const wanted = policy().overtakes;
    const endpoint = `${user} ${binding.epid}`;
    const first = !overtaken.has(endpoint);
    if (wanted === 'once') overtaken.add(endpoint);
    return wanted === 'always' || (wanted === 'once' && first);
  };

  const service = (exchange: Admitted): readonly Outgoing[] => {
    const { request, source, flow } = exchange;
    const type = (value(request.fields, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (type === publishType) return publish(exchange, desk, pool, overtakes(exchange));
    if (takenTypes.includes(type)) return [{ flow, answer: answerTo(request, source, 200, 'OK') }];
    const diagnostics = `4013;reason="Content-Type is not as expected";source="${pool.host}"`;
    return [{ flow, answer: refusing(exchange, 415, 'Unsupported Media Type', diagnostics) }];
  };

  return {
    methods: ['SUBSCRIBE', 'SERVICE'],
    takes({ request, destination, user }) {
      if (request.method === 'SERVICE') return destination.kind === 'user' && destination.user === user;
      return destination.kind === 'user' || destination.kind === 'front-end';
    },
    answer: (exchange) =>
      exchange.request.method === 'SERVICE' ? service(exchange) : subscribe(exchange, { desk, pool, groups: groups() }),
    expire(nowMs) {
      const over = desk.remove(({ expiresAtMs }) => expiresAtMs !== undefined && expiresAtMs <= nowMs);
      const ended = over.map((one) => notification(counted(one), 'ended', { nowMs, host: pool.host }));
      return [...ended, ...desk.change(withoutExpired(desk.publications, nowMs), 'unpublished', nowMs)];
    },
    signedOut({ user, epid, flow }, nowMs) {
      overtaken.delete(`${user} ${epid}`);
      desk.remove((one) => one.user === user && one.epid === epid && one.flow === flow);
      const last = !pool.bindings().some((one) => one.user === user);
      return desk.change(withoutEndpoint(desk.publications, user, epid, last), 'unpublished', nowMs);
    },
    flowClosed(flow) {
      desk.remove((one) => one.flow === flow);
      return [];
    },
    describe: () => ({
      publications: desk.publications.all.map(({ user, category, instance, container, version, expireType }) => {
        return { user, category, instance, container, version, expireType };
      }),
      subscriptions: desk.subscriptions.map(({ user, event, addresses, flow, method }) => {
        return { watcher: user, event, addresses, flow, method };
      }),
    }),
  };
}
