import type { Registrant } from '../protocols/sip/diagnoseRegister.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { type OpenUser, signInAs } from './signIn.js';

/** One user signs in over TLS and removes its binding again (RFC 3261 section 10; Test-CsRegistration). */
export const registration = defineTransaction({
  name: 'registration',
  title: 'Sign in',
  dialects: ['lync', 'rfc'],
  accounts: ['first'],
  deadlineMs: deadlines.runMs,
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    connect: { deadlineMs: deadlines.connectMs },
    tls: { deadlineMs: deadlines.tlsMs },
    register: { deadlineMs: deadlines.requestMs, activity: 'Register' },
    unregister: { deadlineMs: deadlines.cleanupMs },
  },

  async run(context) {
    const { step, ports, edge } = context;
    const target = await step('resolve', (scope) => ports.findAccessEdge(edge, scope));
    const open: OpenUser<Registrant> = edge.dialect === 'lync' ? ports.openLyncUserAgent : ports.openUserAgent;
    const steps = { connect: 'connect', tls: 'tls', register: 'register', unregister: 'unregister' } as const;
    await signInAs(context, target, { role: 'first', ...steps }, open);
  },
});
