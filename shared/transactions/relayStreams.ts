import { diagnosis, fail, ProbeError } from '../domain/diagnosis.js';
import type { Scope } from '../domain/scope.js';
import type { TcpConnection } from '../protocols/net/connectTcp.js';
import type { Connection } from '../protocols/net/startTls.js';
import type { AccessEdgeTarget } from '../protocols/net/target.js';
import type { Ports } from '../run/ports.js';

type Release = (free: () => void) => void;

/** Two of something: one for each client of an echo. */
export type Pair<T> = readonly [T, T];

/**
 * Two TCP connections. `reachedOver` names a transport over which the relay has answered already: a port that takes no
 * connection is then a matter of this port. Throws a `ProbeError`.
 */
export async function connectPair(
  ports: Ports,
  target: AccessEdgeTarget,
  release: Release,
  reachedOver: string | undefined,
  scope: Scope,
): Promise<Pair<TcpConnection>> {
  try {
    const one = await ports.connectTcp(target, scope);
    release(() => one.close());
    const other = await ports.connectTcp(target, quietly(scope));
    release(() => other.close());
    return [one, other];
  } catch (error) {
    const isOfThisPort = error instanceof ProbeError && error.diagnosis.layer === 'tcp';
    if (!isOfThisPort || error.diagnosis.fault === 'prober' || reachedOver === undefined) throw error;
    const text = `${error.diagnosis.error}, while the relay answers over ${reachedOver}`;
    return fail('TURN_TCP_BLOCKED', { error: text }, error);
  }
}

/** TLS on both; what is to be told of the certificate is told once. */
export async function tlsPair(
  ports: Ports,
  [one, other]: Pair<TcpConnection>,
  release: Release,
  scope: Scope,
): Promise<Pair<Connection>> {
  const secured = async (tcp: TcpConnection, at: Scope) => {
    const connection = await ports.startTls(tcp, at);
    release(() => connection.close());
    return connection;
  };
  return [await secured(one, scope), await secured(other, quietly(scope))];
}

const wordless: ReadonlySet<string> = new Set(['TURN_CONNECTION_CLOSED', 'TURN_REQUEST_TIMEOUT']);

/** What the handshake says where no TLS is spoken. */
const noTls: ReadonlySet<string> = new Set([
  'TLS_NOT_SPOKEN',
  'TLS_HANDSHAKE_CLOSED',
  'TLS_HANDSHAKE_TIMEOUT',
  'TLS_HANDSHAKE_FAILED',
]);

/**
 * Why a port hung up on a request in clear, or is silent: many TLS servers do so without a word. Resolves to `error` as it is
 * where it is none of them.
 */
export async function namedIfTls(
  error: unknown,
  ports: Ports,
  target: AccessEdgeTarget,
  scope: Scope,
): Promise<unknown> {
  if (!(error instanceof ProbeError) || !wordless.has(error.diagnosis.code) || scope.signal.aborted) return error;
  if (!(await speaksTls(ports, target, quietly(scope)))) return error;
  return new ProbeError(diagnosis('TURN_TLS_ANSWERED', { error: `${error.diagnosis.error}; it speaks TLS` }), {
    cause: error,
  });
}

async function speaksTls(ports: Ports, target: AccessEdgeTarget, scope: Scope): Promise<boolean> {
  const tcp = await ports.connectTcp(target, scope).catch(() => undefined);
  if (!tcp) return false;
  try {
    const connection = await ports.startTls(tcp, scope);
    connection.close();
    return true;
  } catch (error) {
    return error instanceof ProbeError && error.diagnosis.layer === 'tls' && !noTls.has(error.diagnosis.code);
  } finally {
    tcp.close();
  }
}

/** The same scope for something that was told already. */
function quietly({ signal, exclude }: Scope): Scope {
  return { signal, exclude, observe: () => {}, warn: () => {} };
}
