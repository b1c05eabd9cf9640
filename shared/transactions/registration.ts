import { requireRegistered, requireUnregistered } from '../protocols/sip/diagnoseRegister.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';

/** A prober that is killed in mid-run leaves its account signed in no longer than this. */
const expiresSeconds = 90;

/** One user signs in over TLS and removes its binding again (RFC 3261 section 10; Test-CsRegistration). */
export const registration = defineTransaction({
  name: 'registration',
  title: 'Sign in',
  dialects: ['rfc'],
  accounts: ['first'],
  deadlineMs: deadlines.runMs,
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    connect: { deadlineMs: deadlines.connectMs },
    tls: { deadlineMs: deadlines.tlsMs },
    register: { deadlineMs: deadlines.requestMs, activity: 'Register' },
    unregister: { deadlineMs: deadlines.cleanupMs },
  },

  async run({ step, cleanup, release, ports, edge, account }) {
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const tcp = await step('connect', (scope) => ports.connectTcp(target, scope));
    release(() => tcp.close());
    const connection =
      target.transport === 'tls' ? await step('tls', (scope) => ports.startTls(tcp, scope)) : ports.withoutTls(tcp);
    release(() => connection.close());
    const user = ports.openUserAgent(connection, edge, account('first'));
    release(() => user.close());

    // Arranged before REGISTER is sent: its answer may be lost after the binding was made.
    cleanup(
      'unregister',
      async (scope) => requireUnregistered(await user.register({ expires: 0 }, scope)),
      () => user.mayBeRegistered,
    );
    await step('register', async (scope) => requireRegistered(await user.register({ expires: expiresSeconds }, scope)));
  },
});
