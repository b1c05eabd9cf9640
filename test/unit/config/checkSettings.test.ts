import { generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { accountsFor, regionProblem } from '../../../shared/config/regions.js';
import { account, edge, file, problemsOf, settingsOf } from './samples.js';

const certificate = rootCertificates[0] ?? '';

test('a file with nothing but what is required has every default', () => {
  const minimal = { edges: [{ name: 'contoso', sipDomain: 'contoso.com', transactions: { 'sip-federation': {} } }] };

  expect(settingsOf(minimal)).toEqual({
    regions: ['local'],
    ownRegion: 'local',
    quorum: 1,
    downAfterRuns: 2,
    objective: 0.995,
    retentionDays: 90,
    certificateWarningDays: 21,
    dnsServers: [],
    tls: { ca: undefined, minVersion: 'TLSv1.2' },
    edges: [
      {
        edge: {
          name: 'contoso',
          title: 'contoso',
          dialect: 'lync',
          sipDomain: 'contoso.com',
          accessEdge: undefined,
          userAgent: undefined,
        },
        accounts: {},
        accountsByRegion: {},
        transactions: {
          'sip-federation': {
            title: 'SIP federation',
            group: undefined,
            schedule: '0 */15 * * * *',
            deadlineMs: undefined,
            degradedAboveMs: undefined,
            partners: [],
            clientCertificate: undefined,
          },
        },
      },
    ],
    maintenance: [],
    public: { error: false, serverDiagnosis: false, observations: false, targetFqdn: false },
    reference: undefined,
  });
});

test('every transaction of a Lync edge has its title, its schedule and its own defaults', () => {
  const names = ['registration', 'presence', 'im', 'push-notification', 'av-edge', 'sip-federation', 'xmpp-federation'];
  const transactions = {
    ...Object.fromEntries(names.map((name) => [name, {}])),
    'xmpp-im': { receiver: { sipAddress: 'sip:adelaney@partner.example' } },
    'persistent-chat': { room: 'Probe room' },
  };

  const found = settingsOf(file({}, edge({ transactions }))).edges[0]?.transactions;

  const every5 = { group: undefined, schedule: '0 */5 * * * *', deadlineMs: undefined, degradedAboveMs: undefined };
  const every15 = { ...every5, schedule: '0 */15 * * * *' };
  expect(found).toEqual({
    registration: { ...every5, title: 'Registration' },
    presence: { ...every5, title: 'Presence', notifyTimeoutMs: 25_000 },
    im: { ...every5, title: 'Instant messaging' },
    'xmpp-im': {
      ...every5,
      title: 'XMPP messaging',
      receiver: {
        jid: 'adelaney@partner.example',
        sipAddress: 'sip:adelaney@partner.example',
        password: undefined,
        service: undefined,
      },
    },
    'persistent-chat': { ...every5, title: 'Persistent chat', room: 'Probe room', create: false, users: undefined },
    'push-notification': { ...every15, title: 'Push notification', uri: 'sip:push@push.lync.com' },
    'av-edge': {
      ...every5,
      title: 'A/V Edge',
      host: undefined,
      udpPort: undefined,
      tcpPort: undefined,
      tlsPort: undefined,
      credentials: undefined,
      packets: 20,
    },
    'sip-federation': { ...every15, title: 'SIP federation', partners: [], clientCertificate: undefined },
    'xmpp-federation': {
      ...every5,
      title: 'XMPP federation',
      expectActive: undefined,
      expectStandby: [],
      port: 5269,
    },
  });
});

test.each([
  [{}, undefined],
  [{ notifyTimeoutMs: 20_000 }, undefined],
  [{ notifyTimeoutMs: 60_000 }, 80_000],
  [{ notifyTimeoutMs: 60_000, deadlineMs: 70_000 }, 70_000],
])('presence of %j has room for its notification: %s', (presence, deadlineMs) => {
  const found = settingsOf(file({}, edge({ transactions: { presence } }))).edges[0]?.transactions.presence;

  expect(found?.deadlineMs).toBe(deadlineMs);
});

test('a standards-based edge has its own ports, its own chat users and configured relay credentials', () => {
  const user = (name: string) => ({
    jid: `${name}@contoso.com`,
    password: { env: name.toUpperCase() },
    service: 'xmpp://127.0.0.1:15222',
  });
  const input = edge({
    dialect: 'rfc',
    accessEdge: { host: 'edge.contoso.com', address: '127.0.0.1', transport: 'tcp' },
    accounts: undefined,
    transactions: {
      'persistent-chat': { room: 'probes@conference.contoso.com', first: user('pilar'), second: user('kenmyer') },
      'av-edge': { sharedSecret: { env: 'TURN_SECRET' } },
      'xmpp-federation': { expectStandby: 'edge2.contoso.com' },
    },
  });

  const { edge: found, transactions } = settingsOf(file({}, input)).edges[0] ?? {};

  expect(found?.accessEdge).toEqual({ host: 'edge.contoso.com', port: 5061, transport: 'tcp', address: '127.0.0.1' });
  expect(transactions?.['persistent-chat']?.users?.second).toEqual({
    jid: 'kenmyer@contoso.com',
    sipAddress: 'sip:kenmyer@contoso.com',
    password: { env: 'KENMYER' },
    service: { host: '127.0.0.1', port: 15_222, directTls: false },
  });
  expect(transactions?.['av-edge']).toMatchObject({
    host: 'edge.contoso.com',
    udpPort: 3478,
    tcpPort: 3478,
    credentials: { kind: 'shared-secret', userName: undefined, sharedSecret: { env: 'TURN_SECRET' } },
  });
  expect(transactions?.['xmpp-federation']?.expectStandby).toEqual(['edge2.contoso.com']);
});

test('the relay of an A/V Edge may be watched without an account', () => {
  const input = edge({ accounts: undefined, transactions: { 'av-edge': {} } });

  expect(settingsOf(file({}, input)).edges[0]?.transactions['av-edge']).toMatchObject({ credentials: undefined });
});

test('a relay user and its password are credentials of their own', () => {
  const relay = { userName: 'probe', password: { env: 'TURN_PASSWORD' } };
  const input = edge({ accounts: undefined, transactions: { 'av-edge': relay } });

  const credentials = settingsOf(file({}, input)).edges[0]?.transactions['av-edge']?.credentials;

  expect(credentials).toEqual({ kind: 'password', ...relay });
});

test.each([
  ['lync', 'pilar@contoso.com', 443],
  ['rfc', 'pilar', 5061],
])('in dialect %s the user name is by default %s and the port %i', (dialect, userName, port) => {
  const settings = settingsOf(file({}, edge({ dialect, accessEdge: { host: 'sip.contoso.com' } })));

  expect(settings.edges[0]?.accounts.first).toEqual({
    sipAddress: 'sip:pilar@contoso.com',
    userName,
    password: { env: 'PILAR_PASSWORD' },
  });
  expect(settings.edges[0]?.edge.accessEdge?.port).toBe(port);
});

test('DNS servers get their port, and maintenance windows their milliseconds', () => {
  const settings = settingsOf(
    file({
      dns: { servers: ['127.0.0.1', '127.0.0.1:5353', '2001:db8::53', '[2001:db8::53]:5353'] },
      maintenance: [{ from: '2026-11-21T23:00:00+01:00', to: '2026-11-22T00:00Z', transactions: ['im'] }],
      public: { error: true },
      reference: { host: 'www.example.com' },
    }),
  );

  expect(settings.dnsServers).toEqual(['127.0.0.1:53', '127.0.0.1:5353', '[2001:db8::53]:53', '[2001:db8::53]:5353']);
  expect(settings.maintenance).toEqual([
    {
      fromMs: Date.UTC(2026, 10, 21, 22),
      toMs: Date.UTC(2026, 10, 22),
      title: 'Maintenance',
      edge: undefined,
      transactions: ['im'],
    },
  ]);
  expect(settings.public).toEqual({ error: true, serverDiagnosis: false, observations: false, targetFqdn: false });
  expect(settings.reference).toEqual({ host: 'www.example.com', port: 443 });
});

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
])('of %i regions %i make a quorum', (count, quorum) => {
  const regions = ['a', 'b', 'c', 'd', 'e'].slice(0, count);

  expect(settingsOf(file({ regions })).quorum).toBe(quorum);
});

describe('the own region', () => {
  test.each([
    [undefined, undefined, ['local'], 'local'],
    [undefined, 'eastus', ['eastus'], 'eastus'],
    [['westeurope'], undefined, ['westeurope'], 'westeurope'],
    [['westeurope', 'eastus'], 'eastus', ['westeurope', 'eastus'], 'eastus'],
  ])('with regions %j and told %j', (regions, told, expectedRegions, own) => {
    const settings = settingsOf(file({ regions }), told === undefined ? {} : { ownRegion: told });

    expect([settings.regions, settings.ownRegion]).toEqual([expectedRegions, own]);
    expect(regionProblem(settings)).toBeUndefined();
  });

  test('is a problem for the scheduler alone when it is not listed', () => {
    const settings = settingsOf(file({ regions: ['westeurope', 'eastus'] }));

    expect(regionProblem(settings)).toBe(
      'the own region is "local"; expected PROBE_REGION to be one of westeurope, eastus',
    );
  });
});

test("a region's own pair takes the place of the accounts, and nothing inherited is taken for one", () => {
  const input = edge({ accountsByRegion: { eastus: { first: account('anna') } } });
  const settings = settingsOf(file({ regions: ['eastus', 'westus'] }, input)).edges[0];

  if (settings === undefined) throw new Error('no edge');
  expect(accountsFor(settings, 'eastus').first?.sipAddress).toBe('sip:anna@contoso.com');
  expect(accountsFor(settings, 'eastus').second).toBeUndefined();
  expect(accountsFor(settings, 'westus').first?.sipAddress).toBe('sip:pilar@contoso.com');
  expect(accountsFor(settings, 'constructor').first?.sipAddress).toBe('sip:pilar@contoso.com');
});

test('plain TCP is taken to this machine, without accounts, and where it is allowed in so many words', () => {
  const over = (accessEdge: Record<string, unknown>, more = {}) =>
    problemsOf(file({}, edge({ accessEdge: { transport: 'tcp', ...accessEdge }, ...more })));

  expect(over({ host: '127.0.0.1' })).toEqual([]);
  expect(over({ host: 'sip.contoso.com', address: '::1' })).toEqual([]);
  expect(over({ host: 'sip.contoso.com', allowPlainText: true })).toEqual([]);
  expect(over({ host: 'sip.contoso.com' }, { accounts: undefined, transactions: { 'xmpp-federation': {} } })).toEqual(
    [],
  );
  expect(over({ host: 'localhost' }).map(({ path }) => path)).toEqual(['edges[0].accessEdge.transport']);
});

describe('files that are named', () => {
  const pem = (text: string) => ({ kind: 'text', text }) as const;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const withCertificate = (certFile: string, keyFile: string) =>
    edge({ transactions: { 'sip-federation': { clientCertificate: { certFile, keyFile } } } });

  test('are found beside the configuration file', () => {
    const settings = settingsOf(file({ tls: { caFile: 'ca.pem' } }, withCertificate('../edge.pem', '/keys/edge.key')), {
      files: {
        '/etc/probes/ca.pem': pem(certificate),
        '/etc/edge.pem': pem(certificate),
        '/keys/edge.key': pem(key),
      },
    });

    expect(settings.tls.ca).toBe(certificate);
    expect(settings.edges[0]?.transactions['sip-federation']?.clientCertificate).toEqual({
      certFile: '/etc/edge.pem',
      keyFile: '/keys/edge.key',
    });
  });

  test.each([
    [pem('nothing here'), 'holds no certificate; expected PEM with at least one'],
    [pem(key), 'holds no certificate; expected PEM with at least one'],
    [
      pem(`${certificate}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`),
      'certificate 2 of 2 cannot be read; expected PEM',
    ],
    [{ kind: 'unreadable', why: 'EACCES' } as const, 'names a file that cannot be read (EACCES); expected a PEM file'],
  ])('are refused when they hold no authorities', (ca, message) => {
    const input = file({ tls: { caFile: 'ca.pem' } });

    expect(problemsOf(input, { files: { '/etc/probes/ca.pem': ca } })).toEqual([{ path: 'tls.caFile', message }]);
  });

  test.each([
    [certificate, 'holds no private key; expected PEM with one'],
    [
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----',
      'holds a private key that is encrypted; expected one that is not',
    ],
  ])('are refused when they hold no key to use', (text, message) => {
    const files = { '/etc/probes/edge.pem': pem(certificate), '/etc/probes/edge.key': pem(text) };
    const path = 'edges[0].transactions.sip-federation.clientCertificate.keyFile';

    expect(problemsOf(file({}, withCertificate('edge.pem', 'edge.key')), { files })).toEqual([{ path, message }]);
  });
});
