import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, test } from 'vitest';
import { findAccessEdge } from '../../../shared/protocols/dns/findAccessEdge.js';
import { openResolver } from '../../../shared/protocols/dns/resolver.js';
import { FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { sampleEdge } from '../../fakes/world.js';
import { alias, type DnsReply, type DnsServer, ipv4, ipv6, openDnsServer } from '../../fixtures/dnsServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';

expectNoStrayErrors();
const name = 'sip.contoso.example';
const servers: DnsServer[] = [];

async function serve(answer: (question: string) => DnsReply): Promise<DnsServer> {
  const server = await openDnsServer(answer);
  servers.push(server);
  return server;
}

/** A message with the id of the question, the rest as given. */
function withId(query: Buffer, hex: string): Buffer {
  return Buffer.concat([query.subarray(0, 2), Buffer.from(hex, 'hex')]);
}

/** NXDOMAIN to the same question, but under another id: what somebody who guesses would send. */
function foreign(query: Buffer): Buffer {
  const message = Buffer.from(query);
  message.writeUInt16BE(query.readUInt16BE(0) ^ 0xffff, 0);
  message.writeUInt16BE(0x8183, 2);
  return message;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

describe('a question', () => {
  test('for addresses brings all of its family', async () => {
    const { address } = await serve((question) =>
      question.startsWith('AAAA')
        ? { records: [ipv6('2001:db8:0:0:0:0:0:10')] }
        : { records: [ipv4('192.0.2.10'), ipv4('192.0.2.11')] },
    );
    const resolver = openResolver([address]);

    expect(await resolver.ipv4(name, new FakeScope())).toMatchObject({
      kind: 'records',
      records: ['192.0.2.10', '192.0.2.11'],
    });
    expect(await resolver.ipv6(name, new FakeScope())).toEqual({ kind: 'records', records: ['2001:db8::10'] });
  });

  test('for an alias brings the name behind it', async () => {
    const { address } = await serve(() => ({ records: [alias('lb.contoso.example')] }));

    expect(await openResolver([address]).alias(name, new FakeScope())).toEqual({
      kind: 'records',
      records: ['lb.contoso.example'],
    });
  });

  test('for a service brings priority, weight, port and target; the target "." too', async () => {
    const { address } = await serve((question) =>
      question.includes('_none')
        ? { records: [{ type: 'SRV', priority: 0, weight: 0, port: 0, target: '.' }] }
        : { records: [{ type: 'SRV', priority: 10, weight: 20, port: 443, target: name }] },
    );
    const resolver = openResolver([address]);

    expect(await resolver.srv('_sip._tls.contoso.example', new FakeScope())).toMatchObject({
      kind: 'records',
      records: [{ priority: 10, weight: 20, port: 443, target: name }],
    });
    const none = await resolver.srv('_none._tls.contoso.example', new FakeScope());
    expect(none).toMatchObject({ kind: 'records', records: [{ port: 0 }] });
    expect(none.kind === 'records' && ['', '.'].includes(none.records[0]?.target ?? 'none')).toBe(true);
  });

  test.each<[string, DnsReply, string]>([
    ['the name does not exist', { rcode: 3 }, 'nxdomain'],
    ['there is no such record', { records: [] }, 'nodata'],
    ['the server failed', { rcode: 2 }, 'servfail'],
    ['the server refuses', { rcode: 5 }, 'refused'],
    ['the server does not know how', { rcode: 4 }, 'refused'],
    ['the answer ends in the middle', { bytes: (query) => withId(query, '8180000100010000') }, 'malformed'],
    [
      'the answer points at itself',
      { bytes: (query) => withId(query, '81800001000100000000c00c00010001') },
      'malformed',
    ],
    ['the answer is no DNS at all', { bytes: () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }, 'malformed'],
  ])('to which %s', async (_, reply, kind) => {
    const { address } = await serve(() => reply);

    expect(await openResolver([address]).ipv4(name, scopeFor(1_500))).toMatchObject({ kind });
  });

  test('that nobody answers ends with the deadline, and says how long it waited', async () => {
    const { address } = await serve(() => 'silence');

    expect(await openResolver([address]).ipv4(name, scopeFor(200))).toEqual({ kind: 'timeout', limitMs: 200 });
  });

  test('that is answered with the answer to another question goes on waiting', async () => {
    const { address } = await serve(() => ({ bytes: foreign }));

    expect((await openResolver([address]).ipv4(name, scopeFor(200))).kind).toBe('timeout');
  });

  test('to a port where nobody listens tells that the resolver cannot be reached', async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(() => resolve()));

    expect((await openResolver([`127.0.0.1:${port}`]).ipv4(name, scopeFor(2_000))).kind).toBe('unreachable');
  });

  test('whose answer was cut and cannot be fetched over TCP brings no record', async () => {
    const { address } = await serve(() => ({ truncated: true }));

    const answer = await openResolver([address]).ipv4(name, scopeFor(2_000));

    expect(answer.kind).toBe('unreachable');
  });

  test('is not asked when time is up already', async () => {
    const server = await serve(() => ({ records: [ipv4('192.0.2.10')] }));
    const scope = new FakeScope();
    scope.expire(5_000);

    expect(await openResolver([server.address]).ipv4(name, scope)).toEqual({ kind: 'timeout', limitMs: 5_000 });
    expect(server.asked).toEqual([]);
  });

  test('that is given up cancels no other', async () => {
    const { address } = await serve((question) =>
      question.includes('slow') ? 'silence' : { records: [ipv4('192.0.2.10')] },
    );
    const resolver = openResolver([address]);
    const first = resolver.ipv4('slow.contoso.example', scopeFor(100));
    const second = resolver.ipv4(name, new FakeScope());

    expect((await first).kind).toBe('timeout');
    expect(await second).toMatchObject({ kind: 'records' });
  });
});

test('the Access Edge is found in a real zone, its dead standby included', async () => {
  const zone: Record<string, DnsReply> = {
    'SRV _sips._tcp.contoso.example': {
      records: [
        { type: 'SRV', priority: 20, weight: 0, port: 5061, target: 'standby.contoso.example' },
        { type: 'SRV', priority: 10, weight: 0, port: 5061, target: name },
      ],
    },
    [`A ${name}`]: { records: [ipv4('192.0.2.10')] },
    [`AAAA ${name}`]: { records: [] },
  };
  const { address } = await serve((question) => zone[question] ?? { rcode: 3 });
  const scope = new FakeScope();

  const found = await findAccessEdge(sampleEdge({ accessEdge: undefined }), openResolver([address]), () => 0, scope);

  expect(found).toEqual({
    fqdn: name,
    transport: 'tls',
    candidates: [
      { host: name, port: 5061, tlsName: name, addresses: ['192.0.2.10'] },
      {
        host: 'standby.contoso.example',
        port: 5061,
        tlsName: 'standby.contoso.example',
        addresses: [],
        unusable: 'address of standby.contoso.example: the name does not exist (NXDOMAIN)',
      },
    ],
  });
});
