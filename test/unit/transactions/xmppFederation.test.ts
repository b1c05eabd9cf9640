import { describe, expect, test } from 'vitest';
import { routeTargetsIn } from '../../../shared/domain/federationRoute.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import type { ProbedTarget } from '../../../shared/protocols/xmpp/federation/probeTarget.js';
import { runTransaction } from '../../../shared/run/runTransaction.js';
import { xmppFederation } from '../../../shared/transactions/xmppFederation.js';
import { fakePorts } from '../../fakes/fakePorts.js';
import { sampleEdge, sampleSettings, world } from '../../fakes/world.js';
import { sampleRoute, sampleTarget } from '../protocols/xmpp/federation/samples.js';

const settings = { expectActive: 'edge1.contoso.example', expectStandby: ['edge2.contoso.example'], port: 5269 };

function run(...probed: readonly ProbedTarget[]): Promise<TransactionResult> {
  const ports = fakePorts({ xmpp: { route: sampleRoute(probed), probed } });
  return runTransaction(
    xmppFederation,
    world({ ports, accounts: {}, settings: sampleSettings(settings), edge: sampleEdge({ dialect: 'lync' }) }),
  );
}

describe('xmpp-federation', () => {
  test('needs no account and serves both dialects', () => {
    expect(xmppFederation).toMatchObject({ accounts: [], dialects: ['lync', 'rfc'] });
  });

  test('succeeds with the active target, tells of every target, and names the active one as what was probed', async () => {
    const result = await run(sampleTarget(1), sampleTarget(2));

    expect(result).toMatchObject({ outcome: 'success', warnings: [], targetFqdn: 'edge1.contoso.example' });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve-records passed',
      'resolve-targets passed',
      'probe-targets passed',
      'choose-active passed',
    ]);
    expect(result.observations).toMatchObject({ activeTarget: 'edge1.contoso.example:5269' });
    expect(routeTargetsIn(result.observations)).toEqual([
      {
        host: 'edge1.contoso.example',
        port: 5269,
        priority: 0,
        weight: 0,
        role: 'active',
        ipv4: ['192.0.2.1'],
        ipv6: [],
        stages: [{ name: 'connect', ms: 1.5, outcome: 'passed' }],
        authentication: ['dialback'],
      },
      expect.objectContaining({ host: 'edge2.contoso.example', role: 'standby' }),
    ]);
  });

  test('fails where the active one is down, with what stopped it and the standby’s readiness beside it', async () => {
    const result = await run(sampleTarget(1, { code: 'XMPP_SERVER_HOST_UNKNOWN' }), sampleTarget(2));

    expect(result).toMatchObject({
      outcome: 'failure',
      targetFqdn: 'edge1.contoso.example',
      diagnosis: {
        code: 'XMPP_SERVER_HOST_UNKNOWN',
        step: 'choose-active',
        error: 'edge1.contoso.example met XMPP_SERVER_HOST_UNKNOWN',
      },
      observations: { activeTarget: null },
    });
    expect(result.warnings).toMatchObject([{ code: 'XMPP_FAILOVER_POSSIBLE', step: 'choose-active', degrades: false }]);
    expect(routeTargetsIn(result.observations).map(({ role, code }) => [role, code])).toEqual([
      ['failed', 'XMPP_SERVER_HOST_UNKNOWN'],
      ['standby', undefined],
    ]);
  });

  test('succeeds with a degrading warning where the standby could not take over', async () => {
    const result = await run(sampleTarget(1), sampleTarget(2, { code: 'TCP_CONNECT_TIMEOUT' }));

    expect(result.outcome).toBe('success');
    expect(result.warnings).toMatchObject([{ code: 'XMPP_STANDBY_PORT_CLOSED', degrades: true }]);
  });

  test('is inconclusive where only our own trouble kept it from the active target', async () => {
    const result = await run(sampleTarget(1, { code: 'TCP_NO_ROUTE' }), sampleTarget(2));

    expect(result.outcome).toBe('inconclusive');
  });
});

describe('targets in observations', () => {
  test('that somebody else wrote are left out', () => {
    expect(routeTargetsIn({ targets: [{ host: 'x' }, null, 'y', { host: 'x', port: 1, stages: [] }] })).toHaveLength(1);
    expect(routeTargetsIn({ targets: 'none' })).toEqual([]);
    expect(routeTargetsIn({})).toEqual([]);
  });
});
