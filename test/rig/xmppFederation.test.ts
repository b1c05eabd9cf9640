import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FailoverCheck } from '../../shared/cli/failoverCheckSteps.js';
import { runCli } from '../../shared/cli/runCli.js';
import { routeTargetsIn } from '../../shared/domain/federationRoute.js';
import type { TransactionResult } from '../../shared/domain/result.js';
import { recordedTerminal } from '../fakes/recordedTerminal.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-federation-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bothEdges: readonly ServiceName[] = ['dns', 'xmpp1', 'xmpp2'];

describeWithRig('XMPP federation through two Edge pools', bothEdges, () => {
  const rig = useRig({ services: bothEdges });
  beforeEach(() => rig().writeConfig(folder));
  afterEach(() => rig().fault.clear());

  const edge1 = () => `edge1.contoso.test:${rig().endpoints.ports.s2s}`;
  const edge2 = () => `edge2.contoso.test:${rig().endpoints.ports.s2s}`;

  async function command<T>(...argv: readonly string[]): Promise<T & { readonly exitCode: number }> {
    const terminal = recordedTerminal();
    const exitCode = await runCli([...argv, '--config', join(folder, 'probes.json'), '--json'], {}, terminal);
    return { ...JSON.parse(terminal.stdout), exitCode };
  }
  const probe = () => command<TransactionResult>('run', 'xmpp-federation', '--timeout', '8000');
  const check = () => command<FailoverCheck>('failover-check');
  const warningsOf = ({ warnings }: TransactionResult) =>
    warnings.map(({ code, degrades }) => `${code}${degrades ? ' degrades' : ''}`);
  const rolesOf = ({ observations }: TransactionResult) =>
    routeTargetsIn(observations).map(({ host, role, code }) => [host, role, code ?? 'ready']);
  const statesOf = ({ steps }: FailoverCheck) => steps.map(({ state }) => state);

  test('is a success while both are up, with every stage of both timed', async () => {
    const result = await probe();

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [] });
    expect(result.observations).toMatchObject({ activeTarget: edge1(), srvTarget: 'edge1.contoso.test' });
    expect(rolesOf(result)).toEqual([
      ['edge1.contoso.test', 'active', 'ready'],
      ['edge2.contoso.test', 'standby', 'ready'],
    ]);
    for (const { stages, authentication } of routeTargetsIn(result.observations)) {
      expect(stages.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
        'connect passed',
        'stream passed',
        'starttls passed',
        'tls passed',
        'secure-stream passed',
        'close passed',
      ]);
      expect(authentication).toEqual(['dialback']);
    }
    expect(result.observations.certificates).toHaveLength(2);
  });

  test('fails over: down while the records name the stopped pool, and up again once they name the other', async () => {
    await rig().fault.stop('xmpp1');
    const down = await probe();
    const during = await check();
    await rig().fault.dns('standby');
    const up = await probe();
    const after = await check();

    expect(down).toMatchObject({ outcome: 'failure', exitCode: 1, diagnosis: { code: 'TCP_CONNECTION_REFUSED' } });
    expect(down.diagnosis?.error).toContain(`no TCP connection to ${rig().endpoints.edges[0]?.address}:`);
    expect(down.observations).toMatchObject({ activeTarget: null });
    expect(warningsOf(down)).toEqual(['XMPP_FAILOVER_POSSIBLE']);
    expect(down.warnings[0]?.message).toBe(
      `${edge2()} could take over from ${edge1()}: repoint the route (step 3) and change the records (steps 4 and 5)`,
    );
    expect(up).toMatchObject({ outcome: 'success', exitCode: 0, observations: { activeTarget: edge2() } });
    expect(warningsOf(up)).toEqual(['XMPP_ACTIVE_UNEXPECTED', 'XMPP_STANDBY_PORT_CLOSED degrades']);
    expect(during).toMatchObject({ phase: 'during', active: null, to: 'edge2.contoso.test', ready: true, exitCode: 1 });
    expect(statesOf(during)).toEqual(['done', 'not done', 'done', 'not done', 'done', 'done', 'done']);
    expect(after).toMatchObject({ phase: 'after', active: edge2(), to: 'edge2.contoso.test', exitCode: 0 });
    expect(statesOf(after)).toEqual(['done', 'not observable', 'done', 'done', 'done', 'done', 'done']);
  });

  test('is degraded while the port of the standby is closed, and names the missing step', async () => {
    await rig().fault.stop('xmpp2');

    const result = await probe();

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, observations: { activeTarget: edge1() } });
    expect(warningsOf(result)).toEqual(['XMPP_STANDBY_PORT_CLOSED degrades']);
    expect(result.warnings[0]?.message).toMatch(
      /; step 6: open its port from outside; .*step 7: Start-CsWindowsService$/,
    );
  });

  test('tells a paused standby from a closed port, and does not count the wait for it', async () => {
    await rig().fault.pause('xmpp2');

    const result = await probe();

    expect(result.outcome).toBe('success');
    expect(warningsOf(result)).toEqual(['XMPP_STANDBY_SERVICE_STOPPED degrades']);
    const silent = routeTargetsIn(result.observations)[1]?.stages.find(({ outcome }) => outcome === 'failed');
    expect(result.latencyMs).toBeLessThan(silent?.ms ?? 0);
  });

  test('fails when the active pool takes connections and stays silent', async () => {
    await rig().fault.pause('xmpp1');

    const result = await probe();

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'XMPP_SERVER_SILENT', layer: 'xmpp' } });
  });

  test.each([
    ['expired', 'TLS_CERTIFICATE_EXPIRED'],
    ['wrongname', 'TLS_NAME_MISMATCH'],
    ['untrusted', 'TLS_CERTIFICATE_UNTRUSTED'],
  ] as const)(
    'fails on an %s certificate of the active pool and is degraded by one of the standby',
    async (kind, code) => {
      await rig().fault.cert('edge2', kind);
      const standby = await probe();
      await rig().fault.cert('edge1', kind);
      const active = await probe();

      expect(standby.outcome).toBe('success');
      expect(warningsOf(standby)).toEqual(['XMPP_STANDBY_CERTIFICATE_WRONG degrades']);
      expect(active).toMatchObject({ outcome: 'failure', diagnosis: { code } });
      expect(warningsOf(active)).toContain('XMPP_FAILOVER_NOT_POSSIBLE degrades');
    },
  );

  describe('reads DNS', () => {
    test('with one target left, which is the named standby', async () => {
      await rig().fault.dns('only2');

      const result = await probe();

      expect(result).toMatchObject({ outcome: 'success', observations: { activeTarget: edge2() } });
      expect(warningsOf(result)).toEqual(['XMPP_ACTIVE_UNEXPECTED']);
    });

    test('without records, where the domain’s own address is then tried', async () => {
      await rig().fault.dns('nosrv');

      const result = await probe();

      expect(result).toMatchObject({
        outcome: 'success',
        observations: { activeTarget: `contoso.test:${rig().endpoints.ports.s2s}` },
      });
      expect(warningsOf(result)).toContain('DNS_XMPP_FALLBACK_USED');
    });

    test.each([
      ['lame', 'DNS_XMPP_TARGET_NOT_FOUND'],
      ['noaddr', 'DNS_XMPP_TARGET_NOT_FOUND'],
    ] as const)('with the variant %s, whose targets have no address', async (variant, code) => {
      await rig().fault.dns(variant);

      const result = await probe();

      expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code, layer: 'dns' } });
    });

    test('from a server that is paused, which says nothing about the edge', async () => {
      await rig().fault.pause('dns');

      const result = await probe();

      expect(result).toMatchObject({
        outcome: 'inconclusive',
        exitCode: 2,
        diagnosis: { code: 'DNS_RESOLVER_TIMEOUT' },
      });
    });
  });
});
