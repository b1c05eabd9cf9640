import { fail, ProbeError } from '../domain/diagnosis.js';
import type { Edge } from '../domain/edge.js';
import type { Scope } from '../domain/scope.js';
import { readRedirect } from '../protocols/lync/redirect.js';
import type { Connection } from '../protocols/net/startTls.js';
import type { Registration } from '../protocols/sip/diagnoseRegister.js';
import type { Ports } from '../run/ports.js';

/** A Director sends a client to its pool, a pool in fail-over to another one; more than that goes in circles. */
const mostHops = 2;

/** What following needs of a run. */
interface Following {
  readonly edge: Edge;
  readonly ports: Ports;
  readonly scope: Scope;
  readonly release: (free: () => void) => void;
  /** Signs in anew over another connection. */
  readonly registerAt: (connection: Connection) => Promise<Registration>;
}

/**
 * Follows the redirects of a sign-in inside of the SIP domain, each over a new connection whose certificate is checked, and
 * returns the last answer. Throws a `ProbeError` where they lead out of it, in circles or to a host nobody outside reaches.
 */
export async function followRedirects(first: Registration, following: Following): Promise<Registration> {
  const { edge, scope } = following;
  const way: string[] = [];
  for (let registration = first; ; ) {
    const redirect = readRedirect(registration.answer, edge.sipDomain);
    if (redirect.kind === 'none') return registration;
    if (redirect.kind === 'foreign') {
      fail('SIP_REDIRECT_FOREIGN', { error: `${registration.peer} redirected REGISTER to ${redirect.place}` });
    }
    way.push(`${redirect.host}:${redirect.port}`);
    if (way.length > mostHops) {
      fail('SIP_REDIRECT_LOOP', {
        error: `${registration.peer} redirected REGISTER once more: ${way.join(', then ')}`,
      });
    }
    scope.observe({ redirectedTo: way.at(-1) });
    registration = await following.registerAt(await reach(redirect, registration.peer, following));
  }
}

async function reach(
  { host, port }: { readonly host: string; readonly port: number },
  peer: string,
  { edge, ports, scope, release }: Following,
): Promise<Connection> {
  const accessEdge = { host, port, transport: 'tls' as const, address: undefined };
  try {
    const target = await ports.findAccessEdge({ ...edge, accessEdge }, scope);
    const tcp = await ports.connectTcp(target, scope);
    release(() => tcp.close());
    const connection = await ports.startTls(tcp, scope);
    release(() => connection.close());
    return connection;
  } catch (error) {
    if (!(error instanceof ProbeError) || !['dns', 'tcp'].includes(error.diagnosis.layer)) throw error;
    if (error.diagnosis.fault === 'prober') throw error;
    const text = `${peer} redirected REGISTER to ${host}:${port}, which is not reached: ${error.diagnosis.error}`;
    fail('SIP_REQUEST_REDIRECTED', { error: text }, error);
  }
}
