import { describe, expect, test } from 'vitest';
import type { SipFederationSettings } from '../../../shared/config/settings.js';
import { fail } from '../../../shared/domain/diagnosis.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { Ports } from '../../../shared/run/ports.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { sipFederation } from '../../../shared/transactions/sipFederation.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { sampleSettings, world } from '../../fakes/world.js';

const files = { certFile: '/probes/partner.pem', keyFile: '/probes/partner-key.pem' };

async function run(
  settings: Partial<SipFederationSettings> = {},
  change: (ports: Ports) => Partial<Ports> = () => ({}),
) {
  const ports = fakePorts();
  const all = sampleSettings({ partners: [], clientCertificate: undefined, ...settings });
  const result = await runTransaction(
    sipFederation,
    world({ ports: { ...ports, ...change(ports) }, settings: all, accounts: {} }),
  );
  return { result, calls: ports.calls };
}

function outcomes(result: TransactionResult): string {
  return result.steps.map(({ name, outcome }) => `${name} ${outcome}`).join(', ');
}

describe('sip-federation', () => {
  test('without a certificate of its own sees the demand for one, and closes what it opened', async () => {
    const { result, calls } = await run();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(outcomes(result)).toBe(
      'resolve passed, connect passed, tls passed, client-certificate passed, connect-as-peer skipped, tls-as-peer skipped, options skipped, partners skipped',
    );
    expect(result.observations).toMatchObject({ withoutCertificate: 'alert handshake_failure' });
    expect(calls).toEqual([
      'findFederation contoso.example',
      'connectTcp',
      'startMutualTls without a certificate',
      'close tls',
      'close tcp',
    ]);
  });

  test('with one asks for OPTIONS over a second connection', async () => {
    const { result, calls } = await run({ clientCertificate: files });

    expect(result).toMatchObject({ outcome: 'success', observations: { options: '200 OK' } });
    expect(calls.slice(3)).toEqual([
      'connectTcp',
      'startMutualTls sip.partner.example',
      'options contoso.example',
      'close peer',
      'close tls',
      'close tcp',
      'close tls',
      'close tcp',
    ]);
  });

  test('fails where no certificate is asked for', async () => {
    const { result } = await run({}, (ports) => ({
      startMutualTls: async (...asked) => ({
        ...(await ports.startMutualTls(...asked)),
        asked: false,
        refusal: undefined,
      }),
    }));

    expect(result.diagnosis).toMatchObject({
      code: 'FEDERATION_CERTIFICATE_NOT_REQUESTED',
      step: 'client-certificate',
      error:
        'sip.contoso.example at 192.0.2.10:5061 completed the TLS handshake without asking for a client certificate, expected a CertificateRequest',
    });
  });

  test('fails where the certificate that it shows is refused in the handshake', async () => {
    const { result } = await run({ clientCertificate: files }, (ports) => ({
      startMutualTls: async (tcp, identity, scope) => ({
        ...(await ports.startMutualTls(tcp, identity, scope)),
        refusal: 'alert unknown_ca',
      }),
    }));

    expect(result.diagnosis).toMatchObject({
      code: 'FEDERATION_CERTIFICATE_REFUSED',
      step: 'tls-as-peer',
      error: 'sip.contoso.example at 192.0.2.10:5061 refused the client certificate: alert unknown_ca',
    });
  });

  test('is inconclusive where that certificate cannot be read', async () => {
    const { result } = await run({ clientCertificate: files }, () => ({
      readClientIdentity: () => fail('CONFIG_CLIENT_CERTIFICATE_UNUSABLE', { error: 'clientCertificate: gone' }),
    }));

    expect(result).toMatchObject({
      outcome: 'inconclusive',
      diagnosis: { code: 'CONFIG_CLIENT_CERTIFICATE_UNUSABLE', step: 'tls-as-peer' },
    });
  });
});

describe('partners', () => {
  const partners = ['fabrikam.example', 'litware.example'];

  test('are looked at once the own domain is in order, and told of', async () => {
    const { result, calls } = await run({ partners });

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(calls.filter((call) => call.startsWith('findFederation'))).toEqual([
      'findFederation contoso.example',
      'findFederation fabrikam.example',
      'findFederation litware.example',
    ]);
    expect(result.observations.partners).toEqual([{ domain: 'fabrikam.example' }, { domain: 'litware.example' }]);
    expect(calls.filter((call) => call === 'close tcp')).toHaveLength(3);
  });

  test('that cannot be reached are warnings which name partner and failure, and degrade', async () => {
    const { result } = await run({ partners }, (ports) => ({
      findFederation: (question, scope) =>
        question.sipDomain === 'fabrikam.example'
          ? fail('FEDERATION_SRV_MISSING', { error: 'no record' })
          : ports.findFederation(question, scope),
    }));

    expect(result.outcome).toBe('success');
    expect(result.warnings).toEqual([
      {
        code: 'FEDERATION_PARTNER_ROUTE_BROKEN',
        step: 'partners',
        message: 'partner fabrikam.example: FEDERATION_SRV_MISSING: no record',
        degrades: true,
      },
    ]);
  });

  test('that our own resolver kept from us do not degrade anything', async () => {
    const { result } = await run({ partners }, (ports) => ({
      findFederation: (question, scope) =>
        question.foreignTarget === 'refused'
          ? ports.findFederation(question, scope)
          : fail('DNS_RESOLVER_TIMEOUT', { error: 'no answer' }),
    }));

    expect(result.warnings.map(({ code, degrades }) => [code, degrades])).toEqual([
      ['FEDERATION_PARTNER_NOT_SEEN', false],
      ['FEDERATION_PARTNER_NOT_SEEN', false],
    ]);
  });

  test('are not looked at while the own domain fails', async () => {
    const { result } = await run({ partners }, () => ({
      findFederation: () => fail('FEDERATION_SRV_MISSING', { error: 'no record' }),
    }));

    expect(result.steps.at(-1)).toEqual({ name: 'partners', outcome: 'skipped', after: 'resolve' });
  });
});
