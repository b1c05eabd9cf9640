import type { Account, AccountRole } from '../domain/edge.js';
import { aside, type Scope } from '../domain/scope.js';
import type { XmppService } from '../protocols/xmpp/client/findXmppServer.js';
import type { XmppClient } from '../protocols/xmpp/client/xmppClient.js';
import type { RunContext } from '../run/transaction.js';

/** An XMPP user, and the declared steps that it takes. */
export interface XmppSignIn<Step extends string> {
  readonly account: Account;
  /** Undefined: found in DNS. */
  readonly service: XmppService | undefined;
  /** Is its server what the run probes, and no Edge? */
  readonly isTarget?: true;
  /** Under which name the observations have what is seen of its server. */
  readonly seenAs: string;
  readonly resolve: Step;
  readonly connect: Step;
  readonly tls: Step;
  readonly signIn: Step;
  readonly signOut: Step;
}

/** The declared steps of an XMPP user that a transaction calls `who`, by which the observations know it too. */
export function xmppSteps<const Who extends string>(who: Who) {
  return {
    seenAs: who,
    resolve: `resolve-${who}`,
    connect: `connect-${who}`,
    tls: `tls-${who}`,
    signIn: `sign-in-${who}`,
    signOut: `sign-out-${who}`,
  } as const;
}

/**
 * Signs a user in at an XMPP server (RFC 6120), available for messages, and arranges that it is signed out and the connection
 * dropped when the run is over.
 */
export async function signInXmpp<Step extends string, Role extends AccountRole>(
  { step, cleanup, release, ports }: Pick<RunContext<Step, Role>, 'step' | 'cleanup' | 'release' | 'ports'>,
  { account, service, seenAs, isTarget, ...steps }: XmppSignIn<Step>,
): Promise<XmppClient> {
  const user = ports.openXmppClient({ account, service });
  release(() => user.close());
  const facts: Record<string, unknown> = {};
  /** Its server is another one than the Edge; its certificates stand with all others. */
  const apart = (scope: Scope) =>
    aside(scope, ({ certificates, ...more }) => {
      scope.observe({ [seenAs]: Object.assign(facts, more), ...(certificates === undefined ? {} : { certificates }) });
    });
  await step(steps.resolve, async (scope) => {
    const { fqdn } = await user.resolve(apart(scope));
    if (isTarget) scope.observe({ targetFqdn: fqdn });
  });
  await step(steps.connect, (scope) => user.connect(apart(scope)));
  await step(steps.tls, (scope) => user.secure(apart(scope)));
  let begun = false;
  cleanup(
    steps.signOut,
    (scope) => user.signOut(scope),
    () => begun,
  );
  await step(steps.signIn, async (scope) => {
    begun = true;
    await user.authenticate(apart(scope));
    await user.announce(apart(scope));
  });
  return user;
}
