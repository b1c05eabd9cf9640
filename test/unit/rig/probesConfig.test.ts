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
            'xmpp-im': {
              schedule: '*/10 * * * * *',
              receiver: { jid: 'adelaney@partner.test', password: { env: 'ADELANEY_PASSWORD' } },
            },
            'persistent-chat': {
              schedule: '*/10 * * * * *',
              room: 'probes@rooms.partner.test',
              create: true,
              first: { jid: 'adelaney@partner.test', password: { env: 'ADELANEY_PASSWORD' } },
              second: { jid: 'bjensen@partner.test', password: { env: 'BJENSEN_PASSWORD' } },
            },
            'av-edge': {
              schedule: '*/10 * * * * *',
              udpPort: 13478,
              tcpPort: 13478,
              tlsPort: 15349,
              userName: 'turnprobe',
              password: { env: 'TURNPROBE_PASSWORD' },
            },
            'sip-federation': {
              schedule: '*/10 * * * * *',
              clientCertificate: { certFile: 'partner.pem', keyFile: 'partner-key.pem' },
            },
            'xmpp-federation': {
              schedule: '*/10 * * * * *',
              expectActive: 'edge1.contoso.test',
              expectStandby: ['edge2.contoso.test'],
              port: 15269,
            },
          },
        },
      ],
    });
    expect(secrets).toBe(
      "PILAR_PASSWORD='Rig-pilar-1'\nKENMYER_PASSWORD='Rig-kenmyer-1'\nADELANEY_PASSWORD='Rig-adelaney-1'\nBJENSEN_PASSWORD='Rig-bjensen-1'\nTURNPROBE_PASSWORD='Rig-turn-1'\n",
    );
    expect(probes).not.toContain('Rig-pilar-1');
  });

  test('has one account when there is one user, whose variable is a valid name', () => {
    const endpoints = endpointsOf(planOf(settle({ sipUsers: [{ name: 'a.b-c', password: 'x' }] }, '/tmp/rig')));

    const { probes, secrets } = probesConfig(endpoints);

    expect(Object.keys(JSON.parse(probes).edges[0].accounts)).toEqual(['first']);
    expect(Object.keys(JSON.parse(probes).edges[0].transactions)).toEqual([
      'registration',
      'xmpp-im',
      'persistent-chat',
      'av-edge',
      'sip-federation',
      'xmpp-federation',
    ]);
    expect(secrets).toBe(
      "A_B_C_PASSWORD='x'\nADELANEY_PASSWORD='Rig-adelaney-1'\nBJENSEN_PASSWORD='Rig-bjensen-1'\nTURNPROBE_PASSWORD='Rig-turn-1'\n",
    );
  });
});
