import type { Clock } from '../../domain/clock.js';
import { DeadlineExceeded } from '../../domain/scope.js';

/** A second address of the same server starts after this head start (RFC 8305 section 5). */
const betweenAddressesMs = 250;
/** A silent server keeps its preference this long before the next in SRV order is tried beside it. */
const betweenServersMs = 2_000;

export interface Endpoint {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Which server of the SRV order this address belongs to, from 0. */
  readonly server: number;
}

/** An attempt that did not come to a connection; `code` is the system's, `TIMEOUT`, or `NOT_TRIED` where time ran out before. */
export interface FailedAttempt extends Endpoint {
  readonly code: string;
  readonly cause: unknown;
}

export type FirstConnection<S> =
  | {
      readonly kind: 'connected';
      readonly socket: S;
      readonly endpoint: Endpoint;
      readonly failed: readonly FailedAttempt[];
    }
  | { readonly kind: 'failed'; readonly failed: readonly FailedAttempt[]; readonly aborted: unknown };

/**
 * Tries the endpoints in order, each after the former failed or its head start is over; the first connection wins and
 * the other attempts are ended; `drop` takes a connection that came too late for that. Stops when `signal` aborts: what
 * was under way then counts as `TIMEOUT`.
 */
export async function connectFirst<S>(
  endpoints: readonly Endpoint[],
  dial: (endpoint: Endpoint, signal: AbortSignal) => Promise<S>,
  drop: (socket: S) => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<FirstConnection<S>> {
  const failed: FailedAttempt[] = [];
  const running = new Map<Endpoint, AbortController>();

  return new Promise((resolve) => {
    let next = 0;
    let over = false;
    let stopWaiting = () => {};

    const finish = (outcome: FirstConnection<S>) => {
      if (over) return;
      over = true;
      stopWaiting();
      signal.removeEventListener('abort', giveUp);
      for (const attempt of running.values()) attempt.abort(new Error('another address was faster'));
      resolve(outcome);
    };
    const giveUp = () => {
      const code = signal.reason instanceof DeadlineExceeded ? 'TIMEOUT' : 'ABORTED';
      const cause = signal.reason;
      for (const endpoint of running.keys()) failed.push({ ...endpoint, code, cause });
      for (const endpoint of endpoints.slice(next)) failed.push({ ...endpoint, code: 'NOT_TRIED', cause });
      finish({ kind: 'failed', failed, aborted: signal.reason });
    };
    const start = () => {
      stopWaiting();
      const endpoint = endpoints[next];
      if (over || !endpoint) return;
      next += 1;
      const attempt = new AbortController();
      running.set(endpoint, attempt);
      dial(endpoint, attempt.signal).then(
        (socket) => (over ? drop(socket) : finish({ kind: 'connected', socket, endpoint, failed })),
        (cause) => {
          running.delete(endpoint);
          if (over) return;
          failed.push({ ...endpoint, code: codeOf(cause), cause });
          if (failed.length === endpoints.length) finish({ kind: 'failed', failed, aborted: undefined });
          else start();
        },
      );
      const following = endpoints[next];
      if (!following) return;
      stopWaiting = clock.after(following.server === endpoint.server ? betweenAddressesMs : betweenServersMs, start);
    };

    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    if (endpoints.length === 0) finish({ kind: 'failed', failed, aborted: undefined });
    start();
  });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN';
}
