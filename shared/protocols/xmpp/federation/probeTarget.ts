import type { Clock } from '../../../domain/clock.js';
import { type Diagnosis, ProbeError } from '../../../domain/diagnosis.js';
import {
  type RouteStage,
  type RouteStageName,
  type ServerAuthentication,
  targetName,
} from '../../../domain/federationRoute.js';
import type { Scope } from '../../../domain/scope.js';
import type { TcpConnection } from '../../net/connectTcp.js';
import type { Connection } from '../../net/startTls.js';
import type { AccessEdgeTarget } from '../../net/target.js';
import { StreamTrace, type Trace } from '../trace.js';
import { closeStream, negotiateStartTls, openStream, requireAuthentication } from './negotiate.js';
import type { ResolvedTarget } from './resolveTargets.js';
import { ServerStream } from './serverStream.js';
import { withDeadline } from './withDeadline.js';

/** How long each stage with one target may take, milliseconds. */
const stageMs: Readonly<Record<RouteStageName, number>> = {
  connect: 5_000,
  stream: 5_000,
  starttls: 5_000,
  tls: 5_000,
  'secure-stream': 5_000,
  close: 500,
};

/** All stages of one target together. */
const targetMs = 12_000;

/** What became of one target: what stopped it, or how partners may authenticate there. */
export interface ProbedTarget {
  readonly resolved: ResolvedTarget;
  readonly stages: readonly RouteStage[];
  readonly diagnosis?: Diagnosis;
  readonly authentication?: readonly ServerAuthentication[];
}

/** What probing takes from outside. */
export interface TargetProbing {
  /** Whom the stream is for, and whom the certificate must name (RFC 6120 section 13.7.2). */
  readonly domain: string;
  readonly clock: Clock;
  readonly trace?: Trace;
  connectTcp(target: AccessEdgeTarget, scope: Scope): Promise<TcpConnection>;
  startTls(tcp: TcpConnection, scope: Scope): Promise<Connection>;
}

/**
 * Goes with one target as far as a partner does before it authenticates: TCP, stream, STARTTLS, certificate, a new stream; then closes it.
 * What stops it is a result too. Nothing stays open. Rejects only with what is no `ProbeError`.
 */
export async function probeTarget(
  resolved: ResolvedTarget,
  probing: TargetProbing,
  scope: Scope,
): Promise<ProbedTarget> {
  const stages: RouteStage[] = [];
  if (resolved.failure) return { resolved, stages, diagnosis: resolved.failure };
  const open: { close(): void }[] = [];
  try {
    const authentication = await withDeadline(targetMs, scope.signal, probing.clock, (signal) =>
      converse(resolved, probing, { ...scopeOf(resolved, scope), signal }, { stages, open }),
    );
    return { resolved, stages, authentication };
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    return { resolved, stages, diagnosis: error.diagnosis };
  } finally {
    // TLS before the TCP connection below it: see `TcpConnection.close`.
    open.at(-1)?.close();
  }
}

interface Progress {
  readonly stages: RouteStage[];
  readonly open: { close(): void }[];
}

async function converse(
  resolved: ResolvedTarget,
  probing: TargetProbing,
  scope: Scope,
  { stages, open }: Progress,
): Promise<readonly ServerAuthentication[]> {
  const { domain, clock, trace } = probing;
  const stage = <T>(name: RouteStageName, work: (scope: Scope) => Promise<T>) =>
    takeStage(name, clock, scope, stages, work);
  const tcp = await stage('connect', (at) => probing.connectTcp(toAccess(resolved, domain), at));
  open.push(tcp);
  const { peer } = tcp;
  const traced = new StreamTrace(trace, peer, clock);
  const plain = new ServerStream(tcp.socket, traced);
  const opened = await stage('stream', ({ signal }) => openStream({ stream: plain, peer, domain, signal }));
  await stage('starttls', ({ signal }) => negotiateStartTls({ stream: plain, peer, domain, signal }, opened));
  const tls = await stage('tls', (at) => probing.startTls(tcp, at));
  open.push(tls);
  // Each side forgets what was said in clear (RFC 6120 section 5.4.3.3): a new stream, a new reader.
  const stream = new ServerStream(tls.socket, traced);
  const authentication = await stage('secure-stream', async ({ signal }) =>
    requireAuthentication(peer, await openStream({ stream, peer, domain, signal })),
  );
  await stage('close', ({ signal }) => closeStream({ stream, peer, domain, signal }));
  return authentication;
}

async function takeStage<T>(
  name: RouteStageName,
  clock: Clock,
  scope: Scope,
  stages: RouteStage[],
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  const begunAt = clock.monotonic();
  let ours = 0;
  const exclude = (ms: number) => {
    ours += ms;
    scope.exclude(ms);
  };
  const took = () => Math.round((clock.monotonic() - begunAt - ours) * 10) / 10;
  try {
    const value = await withDeadline(stageMs[name], scope.signal, clock, (signal) =>
      work({ ...scope, exclude, signal }),
    );
    stages.push({ name, ms: took(), outcome: 'passed' });
    return value;
  } catch (error) {
    stages.push({ name, ms: took(), outcome: 'failed' });
    throw error;
  }
}

/** One candidate: each target is looked at for itself, and never passed over for the next. */
function toAccess({ record, ipv4, ipv6 }: ResolvedTarget, domain: string): AccessEdgeTarget {
  const { target: host, port } = record;
  const candidate = { host, port, tlsName: domain, addresses: [...ipv4, ...ipv6] };
  return { fqdn: host, transport: 'tls', candidates: [candidate] };
}

/** What is seen of one target is marked with its name, for many are looked at in one step. */
function scopeOf({ record }: ResolvedTarget, scope: Scope): Scope {
  const server = targetName({ host: record.target, port: record.port });
  return {
    signal: scope.signal,
    exclude: (ms) => scope.exclude(ms),
    observe: ({ certificates }) => {
      if (!Array.isArray(certificates)) return;
      scope.observe({ certificates: certificates.map((seen) => ({ server, ...seen })) });
    },
    warn: ({ code, message }) => scope.warn({ code, message: `${server}: ${message}` }),
  };
}
