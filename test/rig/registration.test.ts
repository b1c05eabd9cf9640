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

/** Runs registration with the configuration in `folder`, after `change` has had its way with it. */
async function registration(options: {
  readonly change?: (edge: Record<string, unknown>) => void;
  readonly secrets?: Record<string, string>;
}): Promise<TransactionResult & { exitCode: number }> {
  const path = join(folder, 'probes.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  options.change?.(config.edges[0]);
  writeFileSync(path, JSON.stringify(config));
  const terminal = recordedTerminal();
  const secrets = Object.fromEntries(
    [...readFileSync(join(folder, 'secrets.env'), 'utf8').matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const argv = ['run', 'registration', '--config', path, '--json', '--timeout', '2000'];
  const exitCode = await runCli(argv, { ...secrets, ...options.secrets }, terminal);
  const result: TransactionResult = JSON.parse(terminal.stdout);
  return { ...result, exitCode };
}

const oneEdge: readonly ServiceName[] = ['dns', 'sip1'];

describeWithRig('registration at Kamailio', oneEdge, () => {
  const rig = useRig({ services: oneEdge });
  beforeEach(() => rig().writeConfig(folder));
  afterEach(() => rig().fault.clear());

  test('succeeds with every step timed and leaves no binding', async () => {
    const result = await registration({});

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [], targetFqdn: 'sip.contoso.test' });
    expect(result.steps.map((step) => `${step.name} ${step.outcome}`)).toEqual([
      'resolve passed',
      'connect passed',
      'tls passed',
      'register passed',
      'unregister passed',
    ]);
    expect(result.steps.every((step) => 'ms' in step && step.ms > 0)).toBe(true);
    expect(result.observations).toMatchObject({ registrar: 'rig-edge1', tlsVersion: 'TLSv1.3' });
    expect(await rig().contacts()).toEqual([]);
  });

  test('finds the Edge in DNS as a client does when no accessEdge is configured', async () => {
    const result = await registration({ change: (edge) => delete edge.accessEdge });

    expect(result).toMatchObject({ outcome: 'success', targetFqdn: 'edge1.contoso.test' });
    expect(result.observations).toMatchObject({ srvService: '_sip._tls.contoso.test' });
  });

  test('tells a refused password from an unknown user in nothing, as Kamailio does, and tries it once', async () => {
    const wrong = await registration({ secrets: { PILAR_PASSWORD: 'wrong' } });
    const unknown = await registration({
      change: (edge) => Object.assign(edge, { accounts: accountOf('nobody'), transactions: { registration: {} } }),
    });

    expect([wrong.diagnosis?.code, unknown.diagnosis?.code]).toEqual(Array(2).fill('AUTH_CREDENTIALS_REJECTED'));
    expect(wrong).toMatchObject({ exitCode: 1, diagnosis: { step: 'register', fault: 'target' } });
    expect(wrong.steps.at(-1)).toEqual({ name: 'unregister', outcome: 'skipped', after: 'register' });
  });

  test('names a stopped, a paused and an ill-certified Kamailio apart', async () => {
    await rig().fault.stop('sip1');
    const stopped = await registration({});
    await rig().fault.start('sip1');
    await rig().fault.pause('sip1');
    const paused = await registration({});
    await rig().fault.resume('sip1');
    const certified: TransactionResult[] = [];
    for (const kind of ['expired', 'wrongname', 'untrusted', 'soon'] as const) {
      await rig().fault.cert('edge1', kind);
      certified.push(await registration({}));
    }

    const codes = [stopped, paused, ...certified].map(({ diagnosis }) => diagnosis?.code);
    expect(codes).toEqual([
      'TCP_CONNECTION_REFUSED',
      'TLS_HANDSHAKE_TIMEOUT',
      'TLS_CERTIFICATE_EXPIRED',
      'TLS_NAME_MISMATCH',
      'TLS_CERTIFICATE_UNTRUSTED',
      undefined,
    ]);
    expect(certified.at(-1)?.warnings.map(({ code }) => code)).toEqual(['TLS_CERTIFICATE_EXPIRES_SOON']);
    expect(certified[0]?.observations).toMatchObject({ certificates: [{ daysLeft: expect.any(Number) }] });
  });

  test.each([
    // Without records the conventional name is tried at its conventional port, where nobody listens in the rig.
    ['nosrv', 'TCP_CONNECTION_REFUSED', ['DNS_SRV_MISSING']],
    ['lame', 'DNS_SRV_TARGET_NO_ADDRESS', []],
    ['noaddr', 'DNS_SRV_TARGET_NO_ADDRESS', []],
  ] as const)('with the records of the variant %s comes to %s', async (variant, code, warnings) => {
    await rig().fault.dns(variant);
    const result = await registration({ change: (edge) => delete edge.accessEdge });

    expect(result.diagnosis?.code).toBe(code);
    expect(result.warnings.map((warning) => warning.code)).toEqual(warnings);
  });

  test('is inconclusive while the resolver is silent: that says nothing about the Edge', async () => {
    await rig().fault.pause('dns');
    const result = await registration({ change: (edge) => delete edge.accessEdge });

    expect(result).toMatchObject({ outcome: 'inconclusive', exitCode: 2, diagnosis: { code: 'DNS_RESOLVER_TIMEOUT' } });
  });

  test('leaves nothing behind after two hundred runs in one process', async () => {
    for (let run = 0; run < 200; run += 1) expect((await registration({})).outcome).toBe('success');

    expect(await rig().contacts()).toEqual([]);
    expect(process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap/.test(name))).toEqual([]);
  });
});

const twoEdges: readonly ServiceName[] = ['dns', 'sip1', 'sip2'];

describeWithRig('registration at the second Edge', twoEdges, () => {
  const rig = useRig({ services: twoEdges });
  beforeEach(() => rig().writeConfig(folder));
  afterEach(() => rig().fault.clear());

  test('succeeds with a degrading warning while the preferred one is stopped', async () => {
    await rig().fault.stop('sip1');
    const result = await registration({ change: (edge) => delete edge.accessEdge });

    expect(result).toMatchObject({ outcome: 'success', observations: { registrar: 'rig-edge2' } });
    expect(result.warnings).toMatchObject([{ code: 'TCP_TARGET_UNREACHABLE', step: 'connect', degrades: true }]);
  });
});

function accountOf(user: string) {
  return { first: { sipAddress: `sip:${user}@contoso.test`, userName: user, password: { env: 'PILAR_PASSWORD' } } };
}
