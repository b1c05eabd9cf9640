import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { xmppGateway } from '../../../shared/domain/diagnoses/xmppGateway.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { DialectName } from '../../edge-simulator/dialects/catalogue.js';
import { startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { simulatedRun } from './simulatedRun.js';

type Run = TransactionResult & { readonly exitCode: number };

/** Runs it once at a simulator of its own, which then has nobody signed in, no session and no connection. */
async function run(dialect: DialectName, faults: readonly string[] = [], receiver: object = {}): Promise<Run> {
  const simulator = await startEdgeSimulator({ dialect, faults });
  const simulated = simulatedRun(simulator);
  const config = join(simulated.folder, 'probes.json');
  const document = JSON.parse(readFileSync(config, 'utf8'));
  Object.assign(document.edges[0].transactions['xmpp-im'].receiver, receiver);
  writeFileSync(config, JSON.stringify(document));
  try {
    const result = await simulated.run('xmpp-im');
    await vi.waitFor(() => {
      const { bindings, gatewaySessions = [], connections, xmppPartner } = simulator.state();
      expect({ bindings, gatewaySessions, open: connections.open }).toEqual({
        bindings: [],
        gatewaySessions: [],
        open: 0,
      });
      expect(xmppPartner).toMatchObject({ connections: 0, signedIn: [] });
    });
    return result;
  } finally {
    simulated.close();
    await simulator.close();
  }
}

const codesIn = ({ warnings }: Run) => warnings.map(({ code, step }) => `${step} ${code}`);

/** A fault, and the step and code that it leads to in either dialect, or in one alone. */
type Row = readonly [fault: string, dialect: DialectName | 'both', step: string, code: string];

const failures: readonly Row[] = [
  ['xmpp-gateway-missing', 'rfc', 'send-message', 'XMPP_GATEWAY_MISSING'],
  ['xmpp-gateway-missing', 'lync', 'invite', 'XMPP_GATEWAY_MISSING'],
  ['invite-504-1009', 'lync', 'invite', 'XMPP_GATEWAY_MISSING'],
  ['xmpp-not-allowed', 'rfc', 'send-message', 'XMPP_PARTNER_NOT_ALLOWED'],
  ['xmpp-not-allowed', 'lync', 'invite', 'XMPP_PARTNER_NOT_ALLOWED'],
  ['xmpp-gateway-stopped', 'rfc', 'send-message', 'XMPP_GATEWAY_UNAVAILABLE'],
  ['xmpp-gateway-stopped', 'lync', 'invite', 'XMPP_GATEWAY_UNAVAILABLE'],
  ['message-480', 'rfc', 'send-message', 'XMPP_GATEWAY_UNAVAILABLE'],
  ['invite-503', 'lync', 'invite', 'XMPP_GATEWAY_UNAVAILABLE'],
  ['invite-504-1046', 'lync', 'invite', 'XMPP_GATEWAY_UNAVAILABLE'],
  ['xmpp-message-lost', 'both', 'receive-message', 'XMPP_MESSAGE_NOT_DELIVERED'],
  ['xmpp-message-refused', 'rfc', 'receive-message', 'XMPP_MESSAGE_NOT_DELIVERED'],
  ['xmpp-message-refused', 'lync', 'receive-message', 'IM_SESSION_ENDED'],
  ['xmpp-proxy-stopped', 'both', 'receive-message', 'XMPP_GATEWAY_DOWN'],
  ['xmpp-message-without-sender', 'both', 'receive-message', 'XMPP_MESSAGE_WITHOUT_SENDER'],
  ['xmpp-reply-lost', 'both', 'receive-reply', 'XMPP_REPLY_LOST'],
  ['xmpp-reply-other-sender', 'both', 'receive-reply', 'IM_SENDER_WRONG'],
  ['xmpp-reply-refused', 'both', 'receive-reply', 'XMPP_STANZA_REMOTE_SERVER_TIMEOUT'],
  ['xmpp-receiver-refused', 'both', 'sign-in-receiver', 'AUTH_CREDENTIALS_REJECTED'],
  ['xmpp-receiver-disabled', 'both', 'sign-in-receiver', 'XMPP_SASL_ACCOUNT_DISABLED'],
  ['xmpp-partner-closed', 'both', 'connect-receiver', 'TCP_CONNECTION_REFUSED'],
  ['xmpp-partner-certificate-expired', 'both', 'tls-receiver', 'TLS_CERTIFICATE_EXPIRED'],
  ['xmpp-partner-clear', 'both', 'tls-receiver', 'XMPP_STARTTLS_MISSING'],
];

const warnings: readonly Row[] = [
  ['xmpp-message-altered', 'both', 'receive-message', 'XMPP_TEXT_ALTERED'],
  ['xmpp-reply-altered', 'both', 'receive-reply', 'XMPP_TEXT_ALTERED'],
];

const of = (rows: readonly Row[], dialect: DialectName) =>
  rows.filter(([, which]) => which === dialect || which === 'both');

describe.concurrent.each(['rfc', 'lync'] as const)('xmpp-im in dialect %s', (dialect) => {
  test('proves that the text arrives and that the reply comes back, and leaves nobody signed in', async () => {
    const result = await run(dialect);

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [] });
    expect(result.steps.every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(result.observations).toMatchObject({
      receiver: { saslMechanism: 'SCRAM-SHA-256' },
      senderAtPartner: 'pilar@contoso.test',
    });
  });

  test('does the same where its user has to begin TLS by STARTTLS', async () => {
    expect(await run(dialect, ['xmpp-partner-starttls-only'])).toMatchObject({ outcome: 'success', warnings: [] });
  });

  test('without the password of the receiver says that nobody saw the message arrive', async () => {
    const result = await run(dialect, [], { password: undefined });

    expect(result.outcome).toBe('success');
    expect(codesIn(result)).toEqual(['send-message XMPP_DELIVERY_UNSEEN']);
  });

  test.each(of(failures, dialect))('with %s (%s) fails at %s with %s', async (fault, _dialect, step, code) => {
    const result = await run(dialect, [fault]);

    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1, diagnosis: { step, code } });
  });

  test.each(of(warnings, dialect))('with %s (%s) warns at %s of %s', async (fault, _dialect, step, code) => {
    const result = await run(dialect, [fault]);

    expect(result.outcome).toBe('success');
    expect(codesIn(result)).toEqual([`${step} ${code}`]);
  });

  test('a receiver that is signed in as one user and written to as another does not get the message', async () => {
    const result = await run(dialect, [], { sipAddress: 'sip:bjensen@partner.test' });

    // Nobody is there to take it: the partner returns it, and a gateway that has a session can say so.
    const code = dialect === 'lync' ? 'IM_SESSION_ENDED' : 'XMPP_MESSAGE_NOT_DELIVERED';
    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { step: 'receive-message', code } });
  });
});

test('every code of the gateway is among those that these faults lead to', () => {
  const reached = [...failures, ...warnings].map(([, , , code]) => code);

  expect(Object.keys(xmppGateway).filter((code) => !reached.includes(code))).toEqual(['XMPP_DELIVERY_UNSEEN']);
});
