import {
  observeStranger,
  requireAdmitted,
  requireAnswered,
  requireAsked,
} from '../protocols/sip/federation/diagnoseFederation.js';
import { deadlines } from '../run/deadlines.js';
import { defineTransaction } from '../run/transaction.js';
import { lookAtPartners } from './partnerRoutes.js';

/** Some servers refuse a stranger only when it asks for something, some never answer one. */
const strangerMs = 2_000;
/** Whoever shows no certificate has no name (RFC 3323 section 4.1.1.3). */
const unnamed = { host: 'anonymous.invalid' };
/** Looking at the partners ends with it, whoever of them is silent. */
const partnersMs = 15_000;

/**
 * The way in for other domains, as one of them finds it: `_sipfederationtls._tcp`, TCP, the certificate, and the demand for
 * a certificate of the client (Test-CsFederatedPartner looks from inside). With one of its own it asks for OPTIONS.
 */
export const sipFederation = defineTransaction({
  name: 'sip-federation',
  title: 'SIP federation route',
  dialects: ['lync', 'rfc'],
  accounts: [],
  deadlineMs: deadlines.runMs,
  steps: {
    resolve: { deadlineMs: deadlines.dnsMs },
    connect: { deadlineMs: deadlines.connectMs },
    tls: { deadlineMs: deadlines.tlsMs },
    'client-certificate': { deadlineMs: strangerMs },
    'connect-as-peer': { deadlineMs: deadlines.connectMs },
    'tls-as-peer': { deadlineMs: deadlines.tlsMs },
    options: { deadlineMs: deadlines.requestMs },
    partners: { deadlineMs: partnersMs },
  },

  async run({ step, release, ports, edge, settings }) {
    const { sipDomain, dialect } = edge;
    const target = await step('resolve', (scope) =>
      ports.findFederation({ sipDomain, dialect, foreignTarget: 'refused' }, scope),
    );
    const tcp = await step('connect', (scope) => ports.connectTcp(target, scope));
    release(() => tcp.close());
    const stranger = await step('tls', (scope) => ports.startMutualTls(tcp, undefined, scope));
    release(() => stranger.connection.close());
    await step('client-certificate', async (scope) => {
      requireAsked(stranger);
      if (stranger.refusal !== undefined) return scope.observe({ withoutCertificate: stranger.refusal });
      const peer = ports.openFederatedPeer(stranger.connection, unnamed, edge);
      release(() => peer.close());
      observeStranger(await peer.options(sipDomain, scope), peer.peer, scope);
    });

    const { clientCertificate, partners } = settings;
    if (clientCertificate) {
      const second = await step('connect-as-peer', (scope) => ports.connectTcp(target, scope));
      release(() => second.close());
      const peer = await step('tls-as-peer', async (scope) => {
        const identity = ports.readClientIdentity(clientCertificate);
        const mutual = await ports.startMutualTls(second, identity, scope);
        release(() => mutual.connection.close());
        requireAdmitted(mutual);
        return ports.openFederatedPeer(mutual.connection, identity, edge);
      });
      release(() => peer.close());
      await step('options', async (scope) => requireAnswered(await peer.options(sipDomain, scope), peer.peer, scope));
    }
    if (partners.length > 0) await step('partners', (scope) => lookAtPartners(partners, { ports, dialect }, scope));
  },
});
