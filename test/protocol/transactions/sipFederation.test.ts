import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { makeAuthority } from '../../edge-simulator/certificates.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { type Simulated, simulatedRun } from './simulatedRun.js';

let simulator: EdgeSimulator;
let simulated: Simulated;

describe.each(['rfc', 'lync'] as const)('sip-federation in dialect %s', (dialect) => {
  beforeEach(async () => {
    simulator = await startEdgeSimulator({ dialect });
    simulated = simulatedRun(simulator);
  });
  afterEach(async () => {
    simulated.close();
    await simulator.close();
  });

  test('finds the route in DNS, is refused without a certificate and served with one, and looks at the partner', async () => {
    const result = await simulated.run('sip-federation');

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0 });
    expect(result.steps.every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(result.observations).toMatchObject({
      srvService: '_sipfederationtls._tcp.contoso.test',
      srvTarget: 'sip.contoso.test',
      tlsVersion: 'TLSv1.3',
      withoutCertificate: 'closed before it answered OPTIONS (alert certificate_required)',
      options: '200 OK',
      partners: [{ domain: 'partner.test', srvTarget: 'sip.partner.test' }],
    });
    expect(codesOf(result)).toEqual(['FEDERATION_PORT_UNUSUAL', 'FEDERATION_PORT_UNUSUAL']);
    expect(await connectionsLeft()).toBe(0);
  });

  test('does the same where TLS 1.3 is not spoken', async () => {
    await simulator.setFault('federation-tls12');

    const result = await simulated.run('sip-federation');

    expect(result).toMatchObject({ outcome: 'success', observations: { tlsVersion: 'TLSv1.2' } });
    expect(result.observations.withoutCertificate).toBe('alert handshake_failure');
  });

  test.each([
    ['federation-srv-missing', 'resolve', 'FEDERATION_SRV_MISSING'],
    ['federation-srv-refused', 'resolve', 'FEDERATION_NOT_OFFERED'],
    ['federation-srv-no-address', 'resolve', 'FEDERATION_TARGET_NO_ADDRESS'],
    ['dns-servfail', 'resolve', 'DNS_SERVER_FAILURE'],
    ['federation-srv-port', 'connect', 'TCP_CONNECTION_REFUSED'],
    ['federation-refused', 'connect', 'TCP_CONNECTION_REFUSED'],
    ['federation-closed', 'tls', 'TLS_HANDSHAKE_CLOSED'],
    ['federation-certificate-expired', 'tls', 'TLS_CERTIFICATE_EXPIRED'],
    ['federation-certificate-wrong-name', 'tls', 'TLS_NAME_MISMATCH'],
    // The certificate does not name the alias, and clients look for the name that the record has.
    ['federation-srv-alias', 'tls', 'TLS_NAME_MISMATCH'],
    ['federation-certificate-untrusted', 'tls', 'TLS_CERTIFICATE_UNTRUSTED'],
    ['federation-not-demanded', 'client-certificate', 'FEDERATION_CERTIFICATE_NOT_REQUESTED'],
    ['federation-403', 'options', 'FEDERATION_REQUEST_REFUSED'],
  ] as const)('with %s fails at %s with %s', async (fault, step, code) => {
    await simulator.setFault(fault);

    const result = await simulated.run('sip-federation');

    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1, diagnosis: { step, code } });
    expect(result.steps).toHaveLength(8);
  });

  test('is not troubled by answers that have to be asked for over TCP', async () => {
    await simulator.setFault('dns-truncated');

    expect(await simulated.run('sip-federation')).toMatchObject({ outcome: 'success' });
  });

  test('ends within its time where the server is silent', async () => {
    await simulator.setFault('federation-silent');

    const result = await simulated.run('sip-federation', 300);

    expect(result.diagnosis).toMatchObject({ step: 'tls', code: 'TLS_HANDSHAKE_TIMEOUT' });
  });

  test('is inconclusive where our own resolver is silent', async () => {
    await simulator.setFault('dns-silent');

    const result = await simulated.run('sip-federation', 300);

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'DNS_RESOLVER_TIMEOUT' } });
  });

  test('is degraded by a partner that cannot be found', async () => {
    await simulator.setFault('partner-srv-missing');

    const result = await simulated.run('sip-federation');

    expect(result.outcome).toBe('success');
    expect(result.warnings.at(-1)).toEqual({
      code: 'FEDERATION_PARTNER_ROUTE_BROKEN',
      step: 'partners',
      message:
        'partner partner.test: FEDERATION_SRV_MISSING: SRV record _sipfederationtls._tcp.partner.test: the name does not exist (NXDOMAIN)',
      degrades: true,
    });
  });

  test('says that its certificate was refused where the authority is not known there', async () => {
    const stranger = await (await makeAuthority()).issue({ names: ['sip.stranger.test'] });
    writeFileSync(join(simulated.folder, 'partner.pem'), stranger.cert);
    writeFileSync(join(simulated.folder, 'partner-key.pem'), stranger.key);

    const result = await simulated.run('sip-federation');

    expect(result.diagnosis).toMatchObject({ code: 'FEDERATION_CERTIFICATE_REFUSED', fault: 'target' });
  });

  test('is inconclusive where certificate and key do not belong together', async () => {
    const other = await (await makeAuthority()).issue({ names: ['sip.stranger.test'] });
    writeFileSync(join(simulated.folder, 'partner-key.pem'), other.key);

    const result = await simulated.run('sip-federation');

    expect(result).toMatchObject({
      outcome: 'inconclusive',
      diagnosis: {
        code: 'CONFIG_CLIENT_CERTIFICATE_UNUSABLE',
        step: 'tls-as-peer',
        error: 'clientCertificate: certFile and keyFile cannot be used together',
      },
    });
  });
});

describe('a target outside of the domain', () => {
  test.each([
    ['lync', 'failure', 'FEDERATION_TARGET_FOREIGN'],
    ['rfc', 'success', undefined],
  ] as const)('makes a run in dialect %s a %s', async (dialect, outcome, code) => {
    simulator = await startEdgeSimulator({ dialect, faults: ['federation-srv-foreign'] });
    simulated = simulatedRun(simulator);

    const result = await simulated.run('sip-federation').finally(() => {
      simulated.close();
      return simulator.close();
    });

    expect([result.outcome, result.diagnosis?.code]).toEqual([outcome, code]);
  });
});

function codesOf({ warnings }: TransactionResult): string[] {
  return warnings.map(({ code }) => code);
}

/** How many connections the federation listener still has, after the server has seen them end. */
async function connectionsLeft(): Promise<number> {
  for (let look = 0; ; look += 1) {
    const { federation } = simulator.state() as unknown as { federation: { connections: { open: number } } };
    if (federation.connections.open === 0 || look === 50) return federation.connections.open;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
