import type { Account, AccountRole, Edge } from '../domain/edge.js';
import type { LyncUserAgent } from '../protocols/lync/lyncUserAgent.js';
import type { Connection } from '../protocols/net/startTls.js';
import type { AccessEdgeTarget } from '../protocols/net/target.js';
import { type Registrant, requireRegistered, requireUnregistered } from '../protocols/sip/diagnoseRegister.js';
import type { SipUserAgent } from '../protocols/sip/userAgent.js';
import type { RunContext } from '../run/transaction.js';
import { followRedirects } from './followRedirects.js';

/** A prober that is killed in mid-run leaves its account signed in no longer than this. */
const expiresSeconds = 90;

/** Who signs in, and the declared steps that it takes. */
export interface SignIn<Step extends string, Role extends AccountRole> {
  readonly role: Role;
  readonly connect: Step;
  readonly tls: Step;
  readonly register: Step;
  readonly unregister: Step;
}

/** Opens the user agent of an account on a connection. */
export type OpenUser<User extends Registrant> = (connection: Connection, edge: Edge, account: Account) => User;

/** The declared steps of a user that a transaction calls `who`: `connect-sender` and so on. */
export function signInSteps<const Who extends string>(who: Who) {
  return {
    connect: `connect-${who}`,
    tls: `tls-${who}`,
    register: `register-${who}`,
    unregister: `unregister-${who}`,
  } as const;
}

/** The context as far as signing in needs it. */
type Context<Step extends string, Role extends AccountRole> = Pick<
  RunContext<Step, Role>,
  'step' | 'cleanup' | 'release' | 'ports' | 'edge' | 'account'
>;

/**
 * Signs an account in over a connection of its own (RFC 3261 section 10) and arranges that it is signed out and the
 * connection dropped when the run is over.
 */
export function signIn<Step extends string, Role extends AccountRole>(
  context: Context<Step, Role>,
  target: AccessEdgeTarget,
  steps: SignIn<Step, Role>,
): Promise<SipUserAgent> {
  return signInAs(context, target, steps, context.ports.openUserAgent);
}

/** The same at a Lync Edge. */
export function signInLync<Step extends string, Role extends AccountRole>(
  context: Context<Step, Role>,
  target: AccessEdgeTarget,
  steps: SignIn<Step, Role>,
): Promise<LyncUserAgent> {
  return signInAs(context, target, steps, context.ports.openLyncUserAgent);
}

/** The same with the user agent of another dialect. At a Lync Edge redirects inside of the SIP domain are followed. */
export async function signInAs<Step extends string, Role extends AccountRole, User extends Registrant>(
  { step, cleanup, release, ports, edge, account }: Context<Step, Role>,
  target: AccessEdgeTarget,
  steps: SignIn<Step, Role>,
  open: OpenUser<User>,
): Promise<User> {
  const tcp = await step(steps.connect, (scope) => ports.connectTcp(target, scope));
  release(() => tcp.close());
  const connection =
    target.transport === 'tls' ? await step(steps.tls, (scope) => ports.startTls(tcp, scope)) : ports.withoutTls(tcp);
  release(() => connection.close());
  let user = open(connection, edge, account(steps.role));
  release(() => user.close());

  // Arranged before REGISTER is sent: its answer may be lost after the binding was made.
  cleanup(
    steps.unregister,
    async (scope) => requireUnregistered(await user.register({ expires: 0 }, scope)),
    () => user.mayBeRegistered,
  );
  await step(steps.register, async (scope) => {
    const registerAt = (another: Connection) => {
      const next = open(another, edge, account(steps.role));
      release(() => next.close());
      user = next;
      return next.register({ expires: expiresSeconds }, scope);
    };
    const first = await user.register({ expires: expiresSeconds }, scope);
    const following = { edge, ports, scope, release, registerAt };
    requireRegistered(edge.dialect === 'lync' ? await followRedirects(first, following) : first);
  });
  return user;
}
