import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { routeTargetsIn } from '../../../shared/domain/federationRoute.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { type Simulated, simulatedRun } from './simulatedRun.js';

let simulator: EdgeSimulator;
let simulated: Simulated;
let faults: readonly string[] = [];

describe.each(['rfc', 'lync'] as const)('xmpp-federation in dialect %s', (dialect) => {
  beforeAll(async () => {
    simulator = await startEdgeSimulator({ dialect });
    simulated = simulatedRun(simulator);
  });
  afterEach(async () => {
    for (const fault of faults) await simulator.clearFault(fault);
    faults = [];
  });
  afterAll(async () => {
    simulated.close();
    await simulator.close();
  });

  async function run(...names: readonly string[]) {
    faults = names;
    for (const name of names) await simulator.setFault(name);
    const result = await simulated.run('xmpp-federation');
    return { result, codes: result.warnings.map(({ code, degrades }) => `${code}${degrades ? ' degrades' : ''}`) };
  }

  test('is a success with an active server and one that stands by, as the settings expect them', async () => {
    const { result } = await run();

    expect(result).toMatchObject({ outcome: 'success', exitCode: 0, warnings: [] });
    expect(result.observations.activeTarget).toBe(`edge1.contoso.test:${simulator.xmpp?.federation.port}`);
    expect(routeTargetsIn(result.observations).map(({ host, role, authentication }) => [host, role, authentication]))
      // The same port at another loopback address.
      .toEqual([
        ['edge1.contoso.test', 'active', ['dialback']],
        ['edge2.contoso.test', 'standby', ['dialback']],
      ]);
  });

  test.each([
    ['xmpp-proxy-stopped', 'TCP_CONNECTION_REFUSED'],
    ['xmpp-server-closed', 'TCP_CONNECTION_REFUSED'],
    ['xmpp-server-silent', 'XMPP_SERVER_SILENT'],
    ['xmpp-server-hangs-up', 'XMPP_SERVER_CLOSED'],
    ['xmpp-server-host-unknown', 'XMPP_SERVER_HOST_UNKNOWN'],
    ['xmpp-server-starttls-missing', 'XMPP_SERVER_STARTTLS_MISSING'],
    ['xmpp-server-starttls-refused', 'XMPP_SERVER_STARTTLS_REFUSED'],
    ['xmpp-server-dialback-missing', 'XMPP_SERVER_AUTHENTICATION_MISSING'],
    ['xmpp-server-certificate-expired', 'TLS_CERTIFICATE_EXPIRED'],
    ['xmpp-server-certificate-wrong-name', 'TLS_NAME_MISMATCH'],
    ['xmpp-server-certificate-untrusted', 'TLS_CERTIFICATE_UNTRUSTED'],
  ])('with %s fails with %s, and the standby could take over', async (fault, code) => {
    const { result, codes } = await run(fault);

    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1, diagnosis: { step: 'choose-active', code } });
    expect(codes).toEqual(['XMPP_FAILOVER_POSSIBLE']);
  });

  test.each([
    ['xmpp-standby-closed', ['XMPP_STANDBY_PORT_CLOSED degrades']],
    ['xmpp-standby-host-unknown', ['XMPP_STANDBY_ROUTE_MISSING degrades']],
    ['xmpp-standby-same-address', ['XMPP_STANDBY_SAME_ADDRESS degrades']],
    ['xmpp-srv-missing', ['DNS_XMPP_FALLBACK_USED', 'XMPP_ACTIVE_UNEXPECTED', 'XMPP_STANDBY_NOT_PUBLISHED degrades']],
  ])('with %s is a success with the warnings %j', async (fault, expected) => {
    const { result, codes } = await run(fault);

    expect(result.outcome).toBe('success');
    expect(codes).toEqual(expected);
  });

  test('fails over: the server is gone, and then the records name the other one first', async () => {
    const down = await run('xmpp-server-closed');
    const { result, codes } = await run('xmpp-server-closed', 'xmpp-srv-moved');

    expect(down.result.outcome).toBe('failure');
    expect(result).toMatchObject({
      outcome: 'success',
      observations: { activeTarget: `edge2.contoso.test:${simulator.xmpp?.federation.port}` },
    });
    expect(codes).toEqual(['XMPP_ACTIVE_UNEXPECTED', 'XMPP_STANDBY_PORT_CLOSED degrades']);
  });

  test('has nothing to fail over to where both are closed', async () => {
    const { result, codes } = await run('xmpp-server-closed', 'xmpp-standby-closed');

    expect(result.outcome).toBe('failure');
    expect(codes).toEqual(['XMPP_STANDBY_PORT_CLOSED degrades', 'XMPP_FAILOVER_NOT_POSSIBLE degrades']);
  });
});
