import { describe, expect, test } from 'vitest';
import { endpointsOf } from '../../rig/plan/endpoints.js';
import { probesConfig } from '../../rig/plan/probesConfig.js';
import { planOf } from '../../rig/plan/rigPlan.js';
import { settle } from '../../rig/plan/settings.js';

describe('the configuration for probing the rig', () => {
  test('names Edge 1, its accounts and where their passwords are', () => {
    const endpoints = endpointsOf(planOf(settle({ net: '127.0.31' }, '/tmp/rig')));

    const { probes, secrets } = probesConfig(endpoints);

    expect(JSON.parse(probes)).toEqual({
      dns: { servers: ['127.0.31.1:15353'] },
      tls: { caFile: 'ca.pem' },
      edges: [
        {
          name: 'rig',
          title: 'Rig',
          dialect: 'rfc',
          sipDomain: 'contoso.test',
          accessEdge: { host: 'sip.contoso.test', address: '127.0.31.11', port: 15061, transport: 'tls' },
          accounts: {
            first: { sipAddress: 'sip:pilar@contoso.test', userName: 'pilar', password: { env: 'PILAR_PASSWORD' } },
            second: {
              sipAddress: 'sip:kenmyer@contoso.test',
              userName: 'kenmyer',
              password: { env: 'KENMYER_PASSWORD' },
            },
          },
          transactions: {
            registration: { schedule: '*/10 * * * * *' },
            presence: { schedule: '*/10 * * * * *' },
            im: { schedule: '*/10 * * * * *' },
          },
        },
      ],
    });
    expect(secrets).toBe("PILAR_PASSWORD='Rig-pilar-1'\nKENMYER_PASSWORD='Rig-kenmyer-1'\n");
    expect(probes).not.toContain('Rig-pilar-1');
  });

  test('has one account when there is one user, whose variable is a valid name', () => {
    const endpoints = endpointsOf(planOf(settle({ sipUsers: [{ name: 'a.b-c', password: 'x' }] }, '/tmp/rig')));

    const { probes, secrets } = probesConfig(endpoints);

    expect(Object.keys(JSON.parse(probes).edges[0].accounts)).toEqual(['first']);
    expect(Object.keys(JSON.parse(probes).edges[0].transactions)).toEqual(['registration']);
    expect(secrets).toBe("A_B_C_PASSWORD='x'\n");
  });
});
