import { type RouteTarget, targetName } from '../domain/federationRoute.js';
import { cameThrough, isStopped } from './failoverCheckTarget.js';

type StepState = 'done' | 'not done' | 'not observable';

export interface CheckedStep {
  readonly step: number;
  readonly what: string;
  readonly state: StepState;
  readonly seen: string;
  /** What to run or change, where the step is not done and doing it now would not take federation from a pool that works. */
  readonly command?: string;
}

/** What was seen of the pool that is to take over, and of the others. */
export interface PoolFacts {
  /** As it stands in DNS; undefined where it does not. */
  readonly pool: RouteTarget | undefined;
  readonly to: string | undefined;
  /** The target that partners try first. */
  readonly first: RouteTarget | undefined;
  /** The pool that carried federation so far. */
  readonly old: RouteTarget | undefined;
  readonly targets: readonly RouteTarget[];
}

interface Expected {
  readonly sipDomain: string;
  readonly port: number;
  readonly phase: 'before' | 'during' | 'after';
  readonly wasStopped: boolean;
}

type Finding = readonly [StepState, string];

/** The seven steps of the procedure, each with what can be seen of it from outside. */
export function aboutPool(facts: PoolFacts, expected: Expected): readonly CheckedStep[] {
  const { sipDomain, port, phase } = expected;
  const to = facts.to ?? '<edge-pool>';
  const lines: readonly (readonly [string, Finding, string])[] = [
    [`Another Edge pool is deployed: ${to}`, deployed(facts), 'deploy it, with a certificate for the SIP domain'],
    ['Its services are stopped while federation is moved', stopped(facts, expected), 'Stop-CsWindowsService'],
    [
      'The XMPP federation route leads to it',
      routed(facts, expected),
      `Set-CsSite <site> -XmppExternalFederationRoute ${to}`,
    ],
    ['The A record for XMPP federation leads to it', addressed(facts), 'change it in the public zone'],
    [
      `It has an SRV record of its own, with port ${port}`,
      published(facts, expected),
      `_xmpp-server._tcp.${sipDomain} SRV <priority> 0 ${port} ${to}`,
    ],
    [`Its port ${port} is open from outside`, open(facts), `open TCP ${port} in the external firewall`],
    ['Its services are started', started(facts), 'Start-CsWindowsService'],
  ];
  return lines.map(([what, [state, seen], command], index) => {
    const step = index + 1;
    // Steps 2 to 4 move federation: nobody should be told to take them while the old pool works.
    const due = state === 'not done' && (phase !== 'before' || !moving.includes(step));
    return { step, what, state, seen, ...(due ? { command } : {}) };
  });
}

const moving = [2, 3, 4];

function deployed({ pool, to, old }: PoolFacts): Finding {
  if (pool === undefined) return ['not observable', unknownPool(to)];
  const addresses = addressesOf(pool);
  if (addresses.length === 0) return ['not observable', `${pool.host} has no address in DNS`];
  if (old !== undefined && old !== pool && addresses.every((address) => addressesOf(old).includes(address))) {
    return ['not done', `${pool.host} has the address of ${old.host}`];
  }
  if (/^TLS_|STARTTLS|AUTHENTICATION/.test(pool.code ?? '')) return ['not done', pool.error ?? ''];
  return ['done', `${pool.host} has the address ${addresses.join(', ')}`];
}

function stopped({ pool, to }: PoolFacts, { phase, wasStopped }: Expected): Finding {
  if (pool === undefined) return ['not observable', unknownPool(to)];
  if (isStopped(pool)) return ['done', `no XMPP service talks at ${targetName(pool)}: ${pool.error ?? ''}`];
  if (wasStopped) return ['done', 'they were seen stopped during this watch'];
  if (!cameThrough(pool, 'connect')) return ['not observable', reached(pool)];
  const afterwards = 'they run; whether they were stopped in between cannot be seen afterwards';
  return phase === 'after'
    ? ['not observable', afterwards]
    : ['not done', `the XMPP service answers at ${targetName(pool)}`];
}

function routed({ pool, to }: PoolFacts, { sipDomain }: Expected): Finding {
  if (pool === undefined) return ['not observable', unknownPool(to)];
  if (/^XMPP_SERVER_HOST_/.test(pool.code ?? '')) return ['not done', pool.error ?? ''];
  if (cameThrough(pool, 'stream')) return ['done', `${targetName(pool)} opens a stream for ${sipDomain}`];
  return ['not observable', `shows once its services run: ${reached(pool)}`];
}

function addressed({ pool, to, first }: PoolFacts): Finding {
  if (first === undefined) return ['not observable', 'DNS names no target'];
  const addresses = addressesOf(first);
  const led = `partners are led to ${first.host} first, at ${addresses.join(', ') || 'no address'}`;
  if (pool === undefined) return ['not observable', `${led}; ${unknownPool(to)}`];
  const shared = addressesOf(pool).some((address) => addresses.includes(address));
  return [shared ? 'done' : 'not done', led];
}

function published({ pool, to, targets }: PoolFacts, { port }: Expected): Finding {
  if (to === undefined) return ['not done', 'DNS names no second target'];
  if (pool === undefined) return ['not done', `DNS names ${targets.map(targetName).join(', ') || 'no target'}`];
  const seen = `${targetName(pool)} with priority ${pool.priority}`;
  if (pool.port !== port) return ['not done', `${seen}: the port should be ${port}`];
  const equal = targets.find((other) => other !== pool && other.priority === pool.priority);
  return equal ? ['not done', `${seen}, as ${targetName(equal)}: each needs its own`] : ['done', seen];
}

function open({ pool, to }: PoolFacts): Finding {
  if (pool === undefined) return ['not observable', unknownPool(to)];
  if (cameThrough(pool, 'connect')) return ['done', `${targetName(pool)} takes connections`];
  // A firewall drops as a rule; whoever refuses could be reached.
  if (pool.code === 'TCP_CONNECTION_REFUSED')
    return ['not observable', `shows once its services run: ${reached(pool)}`];
  return pool.code?.startsWith('TCP_') && pool.code !== 'TCP_NO_ROUTE'
    ? ['not done', reached(pool)]
    : ['not observable', reached(pool)];
}

function started({ pool, to }: PoolFacts): Finding {
  if (pool === undefined) return ['not observable', unknownPool(to)];
  if (cameThrough(pool, 'stream') || /^XMPP_SERVER_HOST_/.test(pool.code ?? '')) {
    return ['done', `the XMPP service answers at ${targetName(pool)}`];
  }
  if (isStopped(pool) || cameThrough(pool, 'connect')) return ['not done', reached(pool)];
  return ['not observable', reached(pool)];
}

function reached(pool: RouteTarget): string {
  return pool.error ?? `${targetName(pool)} was not reached`;
}

function unknownPool(to: string | undefined): string {
  return to === undefined ? 'DNS names no second target and expectStandby none either' : `${to} has no SRV record`;
}

function addressesOf({ ipv4, ipv6 }: RouteTarget): readonly string[] {
  return [...ipv4, ...ipv6];
}
