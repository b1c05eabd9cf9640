import { type Diagnosis, diagnosis } from '../../../domain/diagnosis.js';
import { type RouteRole, type RouteTarget, targetName } from '../../../domain/federationRoute.js';
import { diagnoseMissing, type Route } from './findRoute.js';
import type { ProbedTarget } from './probeTarget.js';
import { isReady, type RouteWarning, standbyWarnings } from './standbyWarnings.js';

/** What the settings expect of a route. */
export interface RouteExpectation {
  readonly expectActive: string | undefined;
  readonly expectStandby: readonly string[];
  readonly port: number;
}

interface RouteJudgement {
  /** `host:port`; absent when the domain has none. */
  readonly active?: string;
  readonly targets: readonly RouteTarget[];
  readonly warnings: readonly RouteWarning[];
  /** Why there is no active target. */
  readonly failure?: Diagnosis;
}

/**
 * Which target carries the domain's traffic, and which could take over. Only targets of the best priority count: partners try the
 * others too, but the XMPP route inside of a Lync deployment leads to one pool, so that a stream to another one proves no delivery
 * before the procedure was gone through and the records say so. With several of the best priority, any that is ready is enough.
 */
export function judgeRoute(route: Route, probed: readonly ProbedTarget[], expected: RouteExpectation): RouteJudgement {
  const best = probed.filter((one) => one.resolved.record.priority === probed[0]?.resolved.record.priority);
  const active = best.find(isReady);
  const standbys = probed.filter((one) => one !== active && (active !== undefined || !best.includes(one)));
  const targets = probed.map((one) => toTarget(one, roleOf(one, active, standbys)));
  const warnings = [
    ...(active ? activeWarnings(route, active, expected) : []),
    ...standbys.flatMap((one) => standbyWarnings(one, preferredTo(one, active, probed), expected.port)),
    ...unpublished(probed, expected),
  ];
  if (active) return { active: nameOf(active), targets, warnings };
  const failure = whyNone(route, best);
  return { targets, warnings: [...warnings, ...readiness(standbys, best)], failure };
}

function activeWarnings(route: Route, active: ProbedTarget, expected: RouteExpectation): readonly RouteWarning[] {
  const { record } = active.resolved;
  const found: RouteWarning[] = [];
  if (route.missing !== undefined) {
    const message = `no SRV record ${route.service}; partners that try without it reach ${nameOf(active)}`;
    found.push({ code: 'DNS_XMPP_FALLBACK_USED', message });
  }
  if (expected.expectActive !== undefined && !sameHost(expected.expectActive, record.target)) {
    const message = `the active target is ${nameOf(active)}, expected ${expected.expectActive}`;
    found.push({ code: 'XMPP_ACTIVE_UNEXPECTED', message });
  }
  if (record.port !== expected.port) {
    const message = `the active target ${nameOf(active)} has port ${record.port}, expected ${expected.port}`;
    found.push({ code: 'XMPP_ACTIVE_WRONG_PORT', message });
  }
  return found;
}

/** Standbys that the settings name and DNS does not. */
function unpublished(probed: readonly ProbedTarget[], { expectStandby }: RouteExpectation): readonly RouteWarning[] {
  return expectStandby
    .filter((host) => !probed.some(({ resolved }) => sameHost(host, resolved.record.target)))
    .map((host) => {
      const message = `${host} is to stand by, but has no SRV record; step 5: add one with a priority of its own`;
      return { code: 'XMPP_STANDBY_NOT_PUBLISHED', message };
    });
}

/** The targets that a standby would have to stand in for. */
function preferredTo(standby: ProbedTarget, active: ProbedTarget | undefined, probed: readonly ProbedTarget[]) {
  const before = probed.slice(0, probed.indexOf(standby));
  // Of several with the best priority, the active one need not be the first.
  return [...before, ...(active && !before.includes(active) ? [active] : [])].map(({ resolved }) => resolved);
}

/** Where one of the best could not be asked through our own fault, it may be the one that works. */
function whyNone(route: Route, best: readonly ProbedTarget[]): Diagnosis {
  const found = best.map((one) => one.diagnosis).filter((one) => one !== undefined);
  const nothing = diagnosis('PROBER_UNEXPECTED_ERROR', {
    error: `SRV record ${route.service}: no target was looked at`,
  });
  const failure = found.find(({ fault }) => fault === 'prober') ?? found[0] ?? nothing;
  if (failure.fault === 'prober' || route.missing === undefined) return failure;
  return diagnoseMissing(route, `the domain's own address is no XMPP server either: ${failure.error}`);
}

function readiness(standbys: readonly ProbedTarget[], best: readonly ProbedTarget[]): readonly RouteWarning[] {
  const down = best.map(nameOf).join(', ');
  const ready = standbys.filter(isReady).map(nameOf);
  if (ready.length > 0) {
    const message = `${ready.join(', ')} could take over from ${down}: repoint the route (step 3) and change the records (steps 4 and 5)`;
    return [{ code: 'XMPP_FAILOVER_POSSIBLE', message }];
  }
  return [{ code: 'XMPP_FAILOVER_NOT_POSSIBLE', message: `no other target is ready to take over from ${down}` }];
}

function roleOf(one: ProbedTarget, active: ProbedTarget | undefined, standbys: readonly ProbedTarget[]): RouteRole {
  if (one === active) return 'active';
  return standbys.includes(one) && isReady(one) ? 'standby' : 'failed';
}

function toTarget({ resolved, stages, diagnosis, authentication }: ProbedTarget, role: RouteRole): RouteTarget {
  const { record, ipv4, ipv6, aliasOf } = resolved;
  return {
    host: record.target,
    port: record.port,
    priority: record.priority,
    weight: record.weight,
    role,
    ipv4,
    ipv6,
    ...(aliasOf === undefined ? {} : { aliasOf }),
    stages,
    ...(diagnosis === undefined ? {} : { code: diagnosis.code, error: diagnosis.error }),
    ...(authentication === undefined ? {} : { authentication }),
  };
}

function nameOf({ resolved: { record } }: ProbedTarget): string {
  return targetName({ host: record.target, port: record.port });
}

/** DNS names know neither case nor a final dot. */
function sameHost(one: string, other: string): boolean {
  return one.toLowerCase().replace(/\.$/, '') === other.toLowerCase().replace(/\.$/, '');
}
