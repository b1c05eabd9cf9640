import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCli } from '../../shared/cli/runCli.js';
import type { TransactionResult } from '../../shared/domain/result.js';
import { recordedTerminal } from '../fakes/recordedTerminal.js';
import { runAvEdge } from '../fixtures/turnLab.js';
import { type Coturn, startCoturn } from './coturn.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-rig-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface RunOptions {
  /** Changes the settings of av-edge. */
  readonly change?: (settings: Record<string, unknown>) => void;
  readonly secrets?: Record<string, string>;
}

async function avEdge({ change, secrets = {} }: RunOptions = {}): Promise<TransactionResult> {
  const path = join(folder, 'probes.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  change?.(config.edges[0].transactions['av-edge']);
  writeFileSync(path, JSON.stringify(config));
  const written = [...readFileSync(join(folder, 'secrets.env'), 'utf8').matchAll(/^(\w+)='(.*)'$/gm)];
  const terminal = recordedTerminal();
  const argv = ['run', 'av-edge', '--config', path, '--json', '--timeout', '20000'];
  await runCli(argv, { ...Object.fromEntries(written.map(([, name, value]) => [name, value])), ...secrets }, terminal);
  return JSON.parse(terminal.stdout);
}

/** What would outlive a run. */
function leftovers(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap|UDPWrap/.test(name));
}

const needs: readonly ServiceName[] = ['dns', 'turn1'];

describeWithRig('av-edge at coturn', needs, () => {
  const rig = useRig({ services: needs });
  beforeEach(() => rig().writeConfig(folder));
  afterEach(() => rig().fault.clear());

  test('succeeds over UDP, TCP and TLS, every step taken and every packet back', async () => {
    const result = await avEdge();

    expect(result).toMatchObject({ outcome: 'success', warnings: [], targetFqdn: 'sip.contoso.test' });
    expect(new Set(result.steps.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
    const relay = { echo: { sent: 20, returned: 20, lossPercent: 0, duplicates: 0 }, lifetimeSeconds: 600 };
    expect(result.observations).toMatchObject({
      relaySoftware: expect.stringMatching(/^Coturn/),
      relayUdp: { ...relay, retransmissions: 0 },
      relayTcp: relay,
      relayTls: relay,
      certificates: [{ host: 'sip.contoso.test' }],
    });
  });

  test('names a wrong password, and does not try it over TCP', async () => {
    const result = await avEdge({ secrets: { TURNPROBE_PASSWORD: 'wrong' } });

    expect(result).toMatchObject({
      outcome: 'failure',
      diagnosis: { code: 'TURN_CREDENTIALS_REJECTED', step: 'allocate-udp', serverDiagnosis: '401 Unauthorized' },
    });
    expect(result.steps.find(({ name }) => name === 'connect-tcp')?.outcome).toBe('skipped');
  });

  test('names a stopped and a paused relay apart', async () => {
    await rig().fault.stop('turn1');
    const stopped = await avEdge();
    await rig().fault.start('turn1');
    await rig().fault.pause('turn1');
    const paused = await avEdge();

    expect(stopped.diagnosis).toMatchObject({ code: 'TURN_UDP_PORT_CLOSED', step: 'stun-binding' });
    expect(paused.diagnosis).toMatchObject({ code: 'TURN_RELAY_SILENT', step: 'stun-binding' });
  }, 60_000);

  test('names an expired certificate after UDP and TCP have passed', async () => {
    await rig().fault.cert('edge1', 'expired');
    const result = await avEdge();

    expect(result.diagnosis).toMatchObject({ code: 'TLS_CERTIFICATE_EXPIRED', step: 'tls' });
    expect(result.steps.find(({ name }) => name === 'echo-tcp')?.outcome).toBe('passed');
  });

  test('is served in clear at the port of TLS too, for coturn tells by the first byte', async () => {
    const { turns } = rig().endpoints.ports;
    const result = await avEdge({
      change: (settings) => Object.assign(settings, { tcpPort: turns, tlsPort: undefined }),
    });

    expect(result).toMatchObject({ outcome: 'success' });
  });

  test('leaves no allocation, no socket and no timer behind after a hundred runs in one process', async () => {
    for (let run = 0; run < 100; run += 1) {
      const { diagnosis } = await avEdge({ change: (settings) => Object.assign(settings, { packets: 1 }) });
      expect(diagnosis).toBeUndefined();
    }

    // The relay has a hundred ports: six hundred allocations that were not given back would not fit.
    await vi.waitFor(() => expect(leftovers()).toEqual([]));
  }, 120_000);
});

describeWithRig('av-edge at coturn with other options', needs, () => {
  const servers: Coturn[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  async function coturn(...options: string[]): Promise<Coturn> {
    const server = await startCoturn(options);
    servers.push(server);
    return server;
  }

  const user = ['--lt-cred-mech', '--user', 'turnprobe:Relay-1'];

  test('takes time-limited credentials, with and without a user name in them', async () => {
    const relay = await coturn('--use-auth-secret', '--static-auth-secret', 'Relay-1');
    const run = (userName: string | undefined) =>
      probe(relay, { credentials: { kind: 'shared-secret', userName, sharedSecret: { env: 'SECRET' } } });

    expect(await run('probe')).toMatchObject({ outcome: 'success', warnings: [] });
    expect(await run(undefined)).toMatchObject({ outcome: 'success', warnings: [] });
  });

  test('says that the quota of the user is reached', async () => {
    const relay = await coturn(...user, '--user-quota', '1');

    expect((await probe(relay)).diagnosis).toMatchObject({ code: 'TURN_QUOTA_REACHED', step: 'allocate-udp' });
  });

  test('follows to another server', async () => {
    const other = await coturn(...user);
    const relay = await coturn(...user, '--alternate-server', `${other.address}:${other.port}`);

    const result = await probe(relay);

    expect(result).toMatchObject({ outcome: 'success' });
    expect(result.observations).toMatchObject({
      relayUdp: {
        alternateServer: `${other.address}:${other.port}`,
        relayedAddress: expect.stringContaining(other.address),
      },
    });
  });

  test('says that the relay refuses its own address as a peer', async () => {
    const net = await coturn(...user, '--denied-peer-ip', '127.0.0.0-127.255.255.255');

    expect((await probe(net)).diagnosis).toMatchObject({ code: 'TURN_PEER_FORBIDDEN', step: 'permission-udp' });
  });

  test('says that TCP is not served, and that UDP is not', async () => {
    const noTcp = await probe(await coturn(...user, '--no-tcp'));
    const noUdp = await probe(await coturn(...user, '--no-udp'));

    expect(noTcp.diagnosis).toMatchObject({ code: 'TURN_TCP_BLOCKED', step: 'connect-tcp' });
    expect(noUdp.diagnosis).toMatchObject({ code: 'TURN_UDP_PORT_CLOSED', step: 'stun-binding' });
    expect(noUdp.steps.find(({ name }) => name === 'echo-tcp')?.outcome).toBe('passed');
  }, 30_000);

  test('warns of a relay that serves everybody', async () => {
    const { outcome, warnings } = await probe(await coturn('--no-auth'));

    expect(outcome).toBe('success');
    expect(warnings.map(({ code }) => code)).toContain('TURN_RELAY_OPEN');
  });

  function probe({ address, port }: Coturn, settings: Parameters<typeof runAvEdge>[0]['settings'] = {}) {
    return runAvEdge({ address, deadlineMs: 20_000, settings: { udpPort: port, tcpPort: port, ...settings } });
  }
});
