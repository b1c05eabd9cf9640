import { describe, expect, test } from 'vitest';
import { account, check, edge, file, problemsOf } from './samples.js';

const lab = { host: 'sip.contoso.com', transport: 'tcp' };

describe('one thing wrong is told with its path and what was expected', () => {
  test.each([
    [
      'a port out of range',
      file({}, edge({ accessEdge: { host: 'sip.contoso.com', port: 70_000 } })),
      'edges[0].accessEdge.port',
      'is 70000; expected a whole number from 1 to 65535',
    ],
    [
      'a port as text',
      file({}, edge({ accessEdge: { host: 'sip.contoso.com', port: '443' } })),
      'edges[0].accessEdge.port',
      'is a string; expected a whole number from 1 to 65535',
    ],
    [
      'a misspelt key',
      file({}, edge({ tittle: 'Contoso' })),
      'edges[0].tittle',
      'is not a known key; did you mean "title"?',
    ],
    [
      'a key that nothing resembles',
      file({}, edge({ transactions: { registration: { colour: 'red' } } })),
      'edges[0].transactions.registration.colour',
      'is not a known key; expected one of schedule, deadlineMs, degradedAboveMs, title, group',
    ],
    [
      'an unknown transaction',
      file({}, edge({ transactions: { registration: {}, 'sip-federations': {} } })),
      'edges[0].transactions.sip-federations',
      'is not a known key; did you mean "sip-federation"?',
    ],
    ['no edges at all', { regions: ['westeurope'] }, 'edges', 'is missing; expected a list'],
    ['an empty list of edges', { edges: [] }, 'edges', 'is an empty list; expected at least one edge'],
    [
      'an edge without transactions',
      file({}, edge({ transactions: {} })),
      'edges[0].transactions',
      'names none; expected at least one transaction',
    ],
    [
      'an edge without its domain',
      file({}, edge({ sipDomain: undefined })),
      'edges[0].sipDomain',
      'is missing; expected a domain name, such as contoso.com',
    ],
    [
      'an edge name in capitals',
      file({}, edge({ name: 'Contoso' })),
      'edges[0].name',
      'expected a name of 1 to 31 small letters, digits and hyphens that begins with a letter',
    ],
    [
      'a dialect that is none',
      file({}, edge({ dialect: 'Lync' })),
      'edges[0].dialect',
      'expected one of "lync", "rfc"',
    ],
    [
      'a password in the file',
      file({}, edge({ accounts: { first: account('pilar', { password: 'hunter2' }) } })),
      'edges[0].accounts.first.password',
      'is a plain string; expected {"env": "NAME"}: secrets are kept out of the file',
    ],
    [
      'no password',
      file({}, edge({ accounts: { first: account('pilar', { password: undefined }) } })),
      'edges[0].accounts.first.password',
      'is missing; expected {"env": "NAME"}, NAME being an environment variable in capitals',
    ],
    [
      'a password under another key',
      file({}, edge({ accounts: { first: account('pilar', { password: { env: 'PILAR', value: 'hunter2' } }) } })),
      'edges[0].accounts.first.password',
      'expected {"env": "NAME"}, NAME being an environment variable in capitals',
    ],
    [
      'a user name where a SIP address belongs',
      file({}, edge({ accounts: { first: account('pilar', { sipAddress: 'pilar@contoso.com' }) } })),
      'edges[0].accounts.first.sipAddress',
      'expected a SIP address, such as sip:pilar@contoso.com',
    ],
    [
      'a line break in what becomes a header field',
      file({}, edge({ userAgent: 'probe\r\nX-Evil: 1' })),
      'edges[0].userAgent',
      'expected text of 1 to 200 characters on one line',
    ],
    [
      'a quorum above the number of regions',
      file({ regions: ['westeurope', 'eastus'], quorum: 3 }),
      'quorum',
      'is 3; expected at most 2, the number of regions',
    ],
    ['a quorum without regions', file({ quorum: 2 }), 'quorum', 'is 2; expected at most 1, the number of regions'],
    [
      'a region twice',
      file({ regions: ['eastus', 'eastus'] }),
      'regions[1]',
      'is the same as regions[0]; expected each region once',
    ],
    [
      'an objective in per cent',
      file({ objective: 99.5 }),
      'objective',
      'is 99.5; expected a number above 0 and below 1, such as 0.995',
    ],
    [
      'a broken number of days',
      file({ retentionDays: 1.5 }),
      'retentionDays',
      'is 1.5; expected a whole number from 1 to 3650',
    ],
    [
      'a DNS server by name',
      file({ dns: { servers: ['127.0.0.1', 'dns.contoso.com'] } }),
      'dns.servers[1]',
      'expected the IP address of a DNS server with or without its port, such as 192.0.2.53, 127.0.0.1:5353 or [2001:db8::53]:53',
    ],
    [
      'a version of TLS that is none',
      file({ tls: { minVersion: '1.2' } }),
      'tls.minVersion',
      'expected one of "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"',
    ],
    [
      'accounts over plain TCP',
      file({}, edge({ accessEdge: lab })),
      'edges[0].accessEdge.transport',
      'is tcp; expected tls, a loopback address, or "allowPlainText": true: accounts would sign in unencrypted',
    ],
    [
      'accounts over plain TCP to an address elsewhere',
      file({}, edge({ accessEdge: { ...lab, host: '127.0.0.1', address: '192.0.2.10' } })),
      'edges[0].accessEdge.transport',
      'is tcp; expected tls, a loopback address, or "allowPlainText": true: accounts would sign in unencrypted',
    ],
    [
      'two edges of one name',
      file({}, edge(), edge()),
      'edges[1].name',
      'is also the name of edges[0]; expected a name of its own',
    ],
    [
      'two timers of one name',
      file(
        {},
        edge({ name: 'a', transactions: { 'xmpp-im': { receiver: { jid: 'adelaney@partner.example' } } } }),
        edge({ name: 'a-xmpp', transactions: { im: {} } }),
      ),
      'edges[1].name',
      'gives a timer the name a-xmpp-im, as edges[0] does; expected another name',
    ],
    [
      'one account twice',
      file({}, edge({ accounts: { first: account('pilar'), second: account('PILAR') } })),
      'edges[0].accounts.second.sipAddress',
      'is the same as edges[0].accounts.first.sipAddress; expected an account of its own',
    ],
    [
      "a region's account that another region has",
      file({ regions: ['eastus'] }, edge({ accountsByRegion: { eastus: { first: account('pilar') } } })),
      'edges[0].accountsByRegion.eastus.first.sipAddress',
      'is the same as edges[0].accounts.first.sipAddress; expected an account of its own',
    ],
    [
      'accounts of an unknown region',
      file({ regions: ['eastus', 'westus'] }, edge({ accountsByRegion: { eastus2: { first: account('anna') } } })),
      'edges[0].accountsByRegion.eastus2',
      'is not a known region; expected one of eastus, westus',
    ],
    [
      'no account for a transaction that signs in',
      file({}, edge({ accounts: undefined })),
      'edges[0].accounts.first',
      'is missing; expected a test account for registration',
    ],
    [
      'one account for transactions of two users',
      file(
        {},
        edge({ accounts: { first: account('pilar') }, transactions: { registration: {}, presence: {}, im: {} } }),
      ),
      'edges[0].accounts.second',
      'is missing; expected a test account for presence and im',
    ],
    [
      "a region's pair that is half",
      file(
        { regions: ['eastus'] },
        edge({
          accounts: undefined,
          accountsByRegion: { eastus: { first: account('anna') } },
          transactions: { im: {} },
        }),
      ),
      'edges[0].accountsByRegion.eastus.second',
      'is missing; expected a test account for im',
    ],
    [
      'five cron fields',
      file({}, edge({ transactions: { registration: { schedule: '*/5 * * * *' } } })),
      'edges[0].transactions.registration.schedule',
      'has 5 fields; expected six fields (seconds minutes hours day-of-month month day-of-week), such as "0 */5 * * * *"',
    ],
    [
      'a deadline in seconds',
      file({}, edge({ transactions: { registration: { deadlineMs: 30 } } })),
      'edges[0].transactions.registration.deadlineMs',
      'is 30; expected milliseconds, a whole number from 1000 to 90000',
    ],
    [
      'a notification awaited longer than the run',
      file({}, edge({ transactions: { presence: { deadlineMs: 20_000 } } })),
      'edges[0].transactions.presence.notifyTimeoutMs',
      'is 25000; expected less than deadlineMs, which is 20000',
    ],
    [
      'no receiver',
      file({}, edge({ transactions: { 'xmpp-im': {} } })),
      'edges[0].transactions.xmpp-im.receiver',
      'is missing; expected an object',
    ],
    [
      'a receiver without an address',
      file({}, edge({ transactions: { 'xmpp-im': { receiver: {} } } })),
      'edges[0].transactions.xmpp-im.receiver.jid',
      'is missing; expected jid, sipAddress or both',
    ],
    [
      'an XMPP service that is a web address',
      file(
        {},
        edge({ transactions: { 'xmpp-im': { receiver: { jid: 'a@b.example', service: 'https://b.example' } } } }),
      ),
      'edges[0].transactions.xmpp-im.receiver.service',
      'expected xmpp://host:port or xmpps://host:port, such as xmpps://xmpp.partner.example:5223',
    ],
    [
      'XMPP users in a Lync chat room',
      file(
        {},
        edge({
          transactions: {
            'persistent-chat': { room: 'Probe room', first: { jid: 'a@b.example', password: { env: 'A' } } },
          },
        }),
      ),
      'edges[0].transactions.persistent-chat.first',
      'is for dialect rfc; expected to be absent: in lync the test accounts enter the room',
    ],
    [
      'a Lync chat room that is to be made',
      file({}, edge({ transactions: { 'persistent-chat': { room: 'Probe room', create: true } } })),
      'edges[0].transactions.persistent-chat.create',
      'is for dialect rfc; expected to be absent: in lync an administrator makes the room',
    ],
    [
      'push notification outside Lync',
      file({}, edge({ dialect: 'rfc', transactions: { 'push-notification': {} } })),
      'edges[0].transactions.push-notification',
      'is for dialect lync; expected to be absent',
    ],
    [
      'two kinds of relay credentials',
      file(
        {},
        edge({
          transactions: { 'av-edge': { userName: 'probe', password: { env: 'A' }, sharedSecret: { env: 'B' } } },
        }),
      ),
      'edges[0].transactions.av-edge.sharedSecret',
      'stands beside password; expected one of the two',
    ],
    [
      'a shared secret of a Lync relay',
      file({}, edge({ transactions: { 'av-edge': { sharedSecret: { env: 'A' } } } })),
      'edges[0].transactions.av-edge.sharedSecret',
      'is for dialect rfc; expected to be absent',
    ],
    [
      'a TLS port of a Lync relay',
      file({}, edge({ transactions: { 'av-edge': { tlsPort: 5349 } } })),
      'edges[0].transactions.av-edge.tlsPort',
      'is for dialect rfc; expected to be absent',
    ],
    [
      'a relay password without its user',
      file({}, edge({ transactions: { 'av-edge': { password: { env: 'A' } } } })),
      'edges[0].transactions.av-edge.userName',
      'is missing; expected the user whose password is given',
    ],
    [
      'a relay user without a password',
      file({}, edge({ transactions: { 'av-edge': { userName: 'probe' } } })),
      'edges[0].transactions.av-edge.password',
      'is missing; expected password or sharedSecret beside userName',
    ],
    [
      'standby hosts that are addresses of pages',
      file({}, edge({ transactions: { 'xmpp-federation': { expectStandby: ['https://edge2.contoso.com'] } } })),
      'edges[0].transactions.xmpp-federation.expectStandby[0]',
      'expected a host name or an IP address, such as sip.contoso.com',
    ],
    [
      'a standby host that is a number',
      file({}, edge({ transactions: { 'xmpp-federation': { expectStandby: 2 } } })),
      'edges[0].transactions.xmpp-federation.expectStandby',
      'is 2; expected a host name or a list of host names',
    ],
    [
      'a maintenance window that ends before it begins',
      file({ maintenance: [{ from: '2026-11-21T22:00:00Z', to: '2026-11-21T21:00:00Z' }] }),
      'maintenance[0].to',
      'is not later than from; expected a window that ends after it begins',
    ],
    [
      'a maintenance window in local time',
      file({ maintenance: [{ from: '2026-11-21T22:00:00', to: '2026-11-21T23:00:00Z' }] }),
      'maintenance[0].from',
      'expected an ISO 8601 time with its offset, such as 2026-11-21T22:00:00Z',
    ],
    [
      'a maintenance window of an unknown edge',
      file({ maintenance: [{ from: '2026-11-21T22:00:00Z', to: '2026-11-21T23:00:00Z', edge: 'fabrikam' }] }),
      'maintenance[0].edge',
      'is not the name of an edge; expected one of contoso',
    ],
    ['a list where the file should be an object', [1], '/etc/probes/probes.json', 'is a list; expected an object'],
    [
      'a file of authorities that is not there',
      file({ tls: { caFile: 'ca.pem' } }),
      'tls.caFile',
      'names a file that does not exist; expected a PEM file, relative to the configuration file',
    ],
  ])('%s', (_, input, path, message) => {
    expect(problemsOf(input)).toEqual([{ path, message }]);
  });
});

test('everything that is wrong is told at once, keys that contradict each other included', () => {
  const wrong = file(
    { quorum: 4, regions: ['eastus'], objectiv: 0.9, tls: { caFile: 'gone.pem' } },
    edge({
      accessEdge: { host: 'sip contoso', port: 0 },
      accounts: { first: account('pilar', { password: 'hunter2' }) },
      transactions: { presence: { schedule: '* *' }, im: {} },
    }),
  );

  expect(problemsOf(wrong).map(({ path }) => path)).toEqual([
    'edges[0].accessEdge.host',
    'edges[0].accessEdge.port',
    'edges[0].accounts.first.password',
    'edges[0].transactions.presence.schedule',
    'objectiv',
    'quorum',
    'edges[0].accounts.second',
    'tls.caFile',
  ]);
});

test('a value that is wrong in itself is not told a second time as missing', () => {
  const wrong = file({ regions: 'eastus' }, edge({ accounts: { first: 'pilar', second: null } }));

  expect(problemsOf(wrong)).toEqual([
    { path: 'regions', message: 'is a string; expected a list' },
    { path: 'edges[0].accounts.first', message: 'is a string; expected an object' },
    { path: 'edges[0].accounts.second', message: 'is null; expected an object' },
  ]);
});

test('a dialect that is none brings no errors about what another dialect would need', () => {
  const wrong = file({}, edge({ dialect: 'sip', transactions: { 'push-notification': {}, 'av-edge': {} } }));

  expect(problemsOf(wrong).map(({ path }) => path)).toEqual(['edges[0].dialect']);
});

test('a key that stands twice is told, because the first would silently be lost', () => {
  const text = JSON.stringify(file()).replace('"registration":{}', '"registration":{},"registration":{}');

  expect(problemsOf(text)).toEqual([
    { path: 'edges[0].transactions.registration', message: 'stands twice; expected each key once' },
  ]);
});

test('a key that objects have from birth is not taken for a region', () => {
  const text = JSON.stringify(file({ regions: ['eastus'] }, edge({ accountsByRegion: { proto: {} } })));

  expect(problemsOf(text.replace('"proto"', '"__proto__"'))).toEqual([
    {
      path: 'edges[0].accountsByRegion.__proto__',
      message: 'is not a known region; expected one of eastus',
    },
  ]);
});

test('text that is no JSON is told by line and column, and is not repeated', () => {
  const text = '{\n  "edges": [ { "password": hunter2 } ]\n}';

  expect(problemsOf(text)).toEqual([
    {
      path: '/etc/probes/probes.json',
      message:
        'is not JSON: line 2, column 28: expected a value: an object, a list, text in double quotes, a number, true, false or null',
    },
  ]);
});

describe('a secret that was written into the file', () => {
  const canary = 'Canary-Tr0ub4dor&3';
  const everything = file(
    {
      $schema: './probes.schema.json',
      regions: ['eastus'],
      dns: { servers: ['127.0.0.1'] },
      tls: { minVersion: 'TLSv1.2' },
    },
    edge({
      title: 'Contoso',
      dialect: 'lync',
      userAgent: 'probe',
      accessEdge: { host: 'sip.contoso.com', address: '192.0.2.1', transport: 'tls' },
      accountsByRegion: { eastus: { first: account('anna'), second: account('bert') } },
      transactions: {
        registration: { schedule: '0 * * * * *', group: 'SIP' },
        'xmpp-im': { receiver: { jid: 'a@b.example', password: { env: 'A' }, service: 'xmpp://b.example' } },
        'av-edge': { host: 'av.contoso.com', userName: 'probe', password: { env: 'B' } },
        'sip-federation': { partners: ['b.example'] },
        'xmpp-federation': { expectActive: 'edge1.contoso.com', expectStandby: 'edge2.contoso.com' },
      },
    }),
  );

  test('the file used here is right without it', () => {
    expect(problemsOf(everything)).toEqual([]);
  });

  test('is never shown, whatever value it takes the place of', () => {
    const messages = leafPaths(everything).flatMap((path) => problemsOf(withValue(everything, path, canary)));

    expect(messages.length).toBeGreaterThan(25);
    expect(JSON.stringify(messages)).not.toContain('Canary');
  });

  test('is never shown, whatever object or list it takes the place of', () => {
    const paths = leafPaths(everything).flatMap((path) => path.map((_, index) => path.slice(0, index + 1)));
    const messages = paths.flatMap((path) => problemsOf(withValue(everything, path, { env: canary, deep: [canary] })));

    expect(messages.length).toBeGreaterThan(60);
    expect(JSON.stringify(messages)).not.toContain('Canary');
  });

  test('is never shown when it breaks the JSON', () => {
    const text = JSON.stringify(everything);
    const cuts = Array.from({ length: Math.floor(text.length / 3) }, (_, third) => third * 3).map(
      (at) => `${text.slice(0, at)}${canary}${text.slice(at)}`,
    );
    const answers = cuts
      .map((cut) => check(cut))
      .filter((answer) => answer.problems?.[0]?.message.startsWith('is not JSON'));

    expect(answers.length).toBeGreaterThan(text.length / 15);
    expect(JSON.stringify(answers)).not.toContain('Canary');
  });
});

type Path = readonly (string | number)[];

function leafPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Array.isArray(value)
    ? value.flatMap((item, index) => leafPaths(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => leafPaths(item, [...path, key]));
}

function withValue(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root)) return root.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  return Object.fromEntries(
    Object.entries(typeof root === 'object' && root !== null ? root : {}).map(([name, item]) => [
      name,
      name === key ? withValue(item, rest, value) : item,
    ]),
  );
}
