import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../shared/cli/runCli.js';
import type { TransactionResult } from '../../shared/domain/result.js';
import { recordedTerminal } from '../fakes/recordedTerminal.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-rig-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const oneEdge: readonly ServiceName[] = ['dns', 'sip1'];

/** Kamailio's words for what it then speaks. */
const methods = { 'TLSv1.2': 'TLSv1.2', 'TLSv1.3': 'TLSv1.2+' } as const;

/** Runs sip-federation with the configuration in `folder`, with or without the certificate of the partner. */
async function run({ certificate = true } = {}): Promise<TransactionResult & { exitCode: number }> {
  const path = join(folder, 'probes.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  const { 'sip-federation': federation } = config.edges[0].transactions;
  if (!certificate) delete federation.clientCertificate;
  writeFileSync(
    path,
    JSON.stringify({ ...config, edges: [{ ...config.edges[0], transactions: { 'sip-federation': federation } }] }),
  );
  const terminal = recordedTerminal();
  const exitCode = await runCli(
    ['run', 'sip-federation', '--config', path, '--json', '--timeout', '10000'],
    {},
    terminal,
  );
  return { ...JSON.parse(terminal.stdout), exitCode };
}

describeWithRig('SIP federation at Kamailio', oneEdge, () => {
  const rig = useRig({ services: oneEdge });
  const tlsConfig = () => join(rig().endpoints.state, 'edge1', 'tls.cfg');
  let asWritten = '';

  beforeEach(() => {
    rig().writeConfig(folder);
    asWritten = readFileSync(tlsConfig(), 'utf8');
  });
  afterEach(async () => {
    await useTls(asWritten);
    await rig().fault.clear();
  });

  async function useTls(text: string): Promise<void> {
    writeFileSync(tlsConfig(), text);
    await rig().kamailio(['tls.reload']);
  }

  /** Changes what Kamailio does as a server; what it does as a client stays. */
  function serverWith(version: keyof typeof methods, verify: string, require: string): string {
    const [server = '', client = ''] = asWritten.split(/(?=\[client)/);
    return (
      server
        .replace(/^method = .*/m, `method = ${methods[version]}`)
        .replace(/^verify_certificate = .*/m, `verify_certificate = ${verify}`)
        .replace(/^require_certificate = .*/m, `require_certificate = ${require}`) + client
    );
  }

  test('is found in DNS, asks for a certificate, lets strangers ask for OPTIONS and takes the partner', async () => {
    const result = await run();

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0 });
    expect(result.observations).toMatchObject({
      srvTarget: 'edge1.contoso.test',
      withoutCertificate: '200 OK',
      options: '200 OK',
    });
    expect(result.warnings.map(({ code, degrades }) => [code, degrades])).toEqual([
      ['FEDERATION_PORT_UNUSUAL', false],
      ['FEDERATION_CERTIFICATE_OPTIONAL', false],
    ]);
  });

  test.each([
    ['TLSv1.2', 'alert handshake_failure'],
    ['TLSv1.3', 'closed before it answered OPTIONS (alert certificate_required)'],
  ] as const)(
    'over %s refuses strangers where it demands a certificate, and takes the partner',
    async (version, said) => {
      await useTls(serverWith(version, 'yes', 'yes'));

      const stranger = await run({ certificate: false });
      rig().writeConfig(folder);
      const partner = await run();

      expect(stranger).toMatchObject({
        outcome: 'success',
        observations: { tlsVersion: version, withoutCertificate: said },
      });
      expect(partner).toMatchObject({
        outcome: 'success',
        observations: { withoutCertificate: said, options: '200 OK' },
      });
    },
  );

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s without the demand is no federation', async (version) => {
    await useTls(serverWith(version, 'no', 'no'));

    const result = await run();

    expect(result).toMatchObject({
      outcome: 'failure',
      diagnosis: { code: 'FEDERATION_CERTIFICATE_NOT_REQUESTED', step: 'client-certificate' },
      observations: { tlsVersion: version },
    });
  });

  test('names what DNS and the certificate lack', async () => {
    await rig().fault.dns('nosrv');
    const missing = await run();
    await rig().fault.clear();
    await rig().fault.cert('edge1', 'wrongname');
    const wrongName = await run();

    expect([missing.diagnosis?.code, wrongName.diagnosis?.code]).toEqual([
      'FEDERATION_SRV_MISSING',
      'TLS_NAME_MISMATCH',
    ]);
  });
});
