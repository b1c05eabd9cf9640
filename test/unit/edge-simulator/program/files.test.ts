import { expect, test } from 'vitest';
import { Secret } from '../../../../shared/domain/secret.js';
import { outputFiles } from '../../../edge-simulator/program/files.js';

test('the secrets come last, alone carry the passwords beside the private key, and every variable they set is named in probes.json', () => {
  const user = (userName: string) => ({
    sipAddress: `sip:${userName}@contoso.test`,
    userName,
    password: new Secret(`${userName}-password`),
  });

  const files = outputFiles({
    dialect: 'rfc',
    address: '127.0.0.1',
    port: 5061,
    transport: 'tls',
    host: 'sip.contoso.test',
    domain: 'contoso.test',
    users: { pilar: user('pilar'), kenmyer: user('kenmyer') },
    ca: 'PEM',
    dnsServer: '127.0.0.1:5353',
    partner: { domain: 'partner.test', certificate: { cert: 'CERTIFICATE', key: 'partner-password' } },
    xmpp: {
      users: {
        adelaney: { jid: 'adelaney@partner.test', password: new Secret('adelaney-password') },
        bjensen: { jid: 'bjensen@partner.test', password: new Secret('bjensen-password') },
      },
      federation: { port: 5269, active: 'edge1.contoso.test', standby: undefined },
    },
  });

  const [probes, ca, , , secrets] = files;
  expect(files.map((file) => [file.name, file.secret])).toEqual([
    ['probes.json', false],
    ['ca.pem', false],
    ['partner.pem', false],
    ['partner-key.pem', true],
    ['secrets.env', true],
  ]);
  expect(secrets?.text).toBe(
    "PILAR_PASSWORD='pilar-password'\nKENMYER_PASSWORD='kenmyer-password'\nADELANEY_PASSWORD='adelaney-password'\n",
  );
  expect(ca?.text).toBe('PEM\n');
  expect(probes?.text).not.toContain('-password');
  expect(JSON.parse(probes?.text ?? '')).toMatchObject({
    dns: { servers: ['127.0.0.1:5353'] },
    tls: { caFile: 'ca.pem' },
    edges: [
      {
        name: 'demo',
        title: 'Demo Edge',
        dialect: 'rfc',
        sipDomain: 'contoso.test',
        accessEdge: { host: 'sip.contoso.test', address: '127.0.0.1', port: 5061, transport: 'tls' },
        accounts: {
          first: { sipAddress: 'sip:pilar@contoso.test', userName: 'pilar', password: { env: 'PILAR_PASSWORD' } },
          second: { sipAddress: 'sip:kenmyer@contoso.test', password: { env: 'KENMYER_PASSWORD' } },
        },
        transactions: {
          registration: { schedule: '*/10 * * * * *' },
          presence: { schedule: '*/10 * * * * *' },
          im: { schedule: '*/10 * * * * *' },
          'sip-federation': {
            schedule: '*/10 * * * * *',
            partners: ['partner.test'],
            clientCertificate: { certFile: 'partner.pem', keyFile: 'partner-key.pem' },
          },
          'xmpp-im': {
            schedule: '*/10 * * * * *',
            receiver: { jid: 'adelaney@partner.test', password: { env: 'ADELANEY_PASSWORD' } },
          },
          'xmpp-federation': {
            schedule: '*/10 * * * * *',
            expectActive: 'edge1.contoso.test',
            expectStandby: [],
            port: 5269,
          },
        },
      },
    ],
  });
});
