import { ProbeError } from '../domain/diagnosis.js';
import { judgeRoute } from '../protocols/xmpp/federation/judgeRoute.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';

/** Ten silent targets, five at a time, and a little more. */
const probeMs = 25_000;

/**
 * Looks at the XMPP federation route as a partner does: every `_xmpp-server._tcp` target up to the point where a partner would
 * authenticate. The target of the best priority decides; the others are told of by how far they could take over (RFC 6120, RFC 2782).
 */
export const xmppFederation = defineTransaction({
  name: 'xmpp-federation',
  title: 'XMPP federation',
  dialects: ['lync', 'rfc'],
  accounts: [],
  deadlineMs: deadlines.runMs,
  steps: {
    'resolve-records': { deadlineMs: deadlines.dnsMs },
    'resolve-targets': { deadlineMs: deadlines.dnsMs },
    'probe-targets': { deadlineMs: probeMs },
    'choose-active': { deadlineMs: deadlines.requestMs },
  },

  async run({ step, ports, edge, settings }) {
    const route = await step('resolve-records', (scope) => ports.findXmppRoute(edge.sipDomain, settings.port, scope));
    const targets = await step('resolve-targets', (scope) => ports.resolveXmppTargets(route, scope));
    const probed = await step('probe-targets', (scope) => ports.probeXmppTargets(targets, edge.sipDomain, scope));
    await step('choose-active', async (scope) => {
      const { active, targets: seen, warnings, failure } = judgeRoute(route, probed, settings);
      const [first] = seen;
      const reported = seen.find(({ role }) => role === 'active') ?? first;
      scope.observe({
        activeTarget: active ?? null,
        targetFqdn: reported?.host,
        srvTarget: first?.host,
        targets: seen,
      });
      for (const warning of warnings) scope.warn(warning);
      if (failure) throw new ProbeError(failure);
    });
  },
});
