import type { Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import { fail, ProbeError } from '../../domain/diagnosis.js';
import { limitOf, type Scope } from '../../domain/scope.js';
import { connectFirst, type Endpoint, type FailedAttempt } from './connectFirst.js';
import { describe, diagnoseConnect, hostPort, isOurs } from './diagnoseConnect.js';
import { dial } from './dial.js';
import type { AccessEdgeTarget, Candidate } from './target.js';

/** An open TCP connection and the server it leads to. */
export interface TcpConnection {
  readonly socket: Socket;
  readonly candidate: Candidate;
  /** `sip.contoso.com at 192.0.2.10:443`, for error texts. */
  readonly peer: string;
  /**
   * Drops the connection at once; may be called again. Not to be used once TLS runs on it: closing the TLS socket
   * closes both, and Node 20 crashes where the inner one is destroyed first.
   */
  close(): void;
}

/**
 * Connects to the first server, in SRV order, that takes a connection, over whichever of its addresses is there. Warns
 * of every server and address that had to be passed over. Throws a `ProbeError` naming all addresses.
 */
export async function connectTcp(target: AccessEdgeTarget, clock: Clock, scope: Scope): Promise<TcpConnection> {
  const usable = target.candidates.filter((candidate) => candidate.addresses.length > 0);
  const endpoints = usable.flatMap(toEndpoints);
  const open = (at: Endpoint, signal: AbortSignal) => dial(at.address, at.port, signal);
  const result = await connectFirst(endpoints, open, (late) => late.destroy(), clock, scope.signal);
  if (result.kind === 'failed') {
    const found = diagnoseConnect(result.failed, limitOf(scope.signal));
    throw new ProbeError(found, { cause: result.aborted ?? result.failed[0]?.cause });
  }
  const { socket, endpoint, failed } = result;
  // From here on an error is seen by whoever uses the socket; a reset in between must not end the process.
  socket.on('error', () => {});
  const candidate = usable[endpoint.server];
  if (!candidate) return fail('PROBER_UNEXPECTED_ERROR', { error: 'a connection without a server' });
  scope.observe({ remoteAddress: hostPort(endpoint) });
  warnOfPassedOver(target, candidate, failed, scope);
  const peer = `${candidate.host} at ${hostPort(endpoint)}`;
  return { socket, candidate, peer, close: () => socket.destroy() };
}

function toEndpoints(candidate: Candidate, server: number): Endpoint[] {
  return candidate.addresses.map((address) => ({ host: candidate.host, address, port: candidate.port, server }));
}

function warnOfPassedOver(target: AccessEdgeTarget, used: Candidate, failed: readonly FailedAttempt[], scope: Scope) {
  const preferred = target.candidates.slice(0, target.candidates.indexOf(used));
  for (const server of preferred) {
    const attempts = failed.filter((attempt) => attempt.host === server.host && attempt.port === server.port);
    if (attempts.some(isOurs)) continue;
    const tried = attempts.map((attempt) => describe(attempt, limitOf(scope.signal))).join('; ');
    const why = server.unusable ?? (tried === '' ? 'no answer yet when the next one was tried' : tried);
    scope.warn({ code: 'TCP_TARGET_UNREACHABLE', message: `${server.host}:${server.port} was passed over: ${why}` });
  }
  for (const attempt of failed) {
    if (attempt.host !== used.host || attempt.port !== used.port || isOurs(attempt)) continue;
    scope.warn({ code: 'TCP_ADDRESS_UNREACHABLE', message: describe(attempt, limitOf(scope.signal)) });
  }
}
