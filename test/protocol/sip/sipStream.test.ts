import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import { withoutTls } from '../../../shared/protocols/net/startTls.js';
import { SipStream } from '../../../shared/protocols/sip/sipStream.js';
import type { TraceEntry } from '../../../shared/protocols/sip/trace.js';
import { FakeScope } from '../../fakes/fakeScope.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { type OpenServer, openTcpServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';

expectNoStrayErrors();
const servers: OpenServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A stream to a peer that a test plays by hand, on a clock that it moves. */
async function open(whenMessage: (stream: SipStream) => void = () => {}) {
  const events: string[] = [];
  const trace: TraceEntry[] = [];
  const clock = new ManualClock();
  let received = '';
  let accept: (socket: Socket) => void = () => {};
  const accepted = new Promise<Socket>((resolve) => {
    accept = resolve;
  });
  const server = await openTcpServer((socket) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    accept(socket);
  });
  servers.push(server);
  const candidates = [
    { host: 'sip.contoso.example', port: server.port, tlsName: 'sip.contoso.example', addresses: ['127.0.0.1'] },
  ];
  const tcp = await connectTcp({ fqdn: 'sip.contoso.example', transport: 'tcp', candidates }, clock, new FakeScope());
  const stream = new SipStream(withoutTls(tcp), clock, (entry) => trace.push(entry), {
    onMessage: (text, at) => {
      events.push(`message ${text.length} at ${at}`);
      whenMessage(stream);
    },
    onViolation: (violation, excerpt) => events.push(`violation ${violation} ${excerpt}`),
    onClosed: (cause) => events.push(`closed ${cause?.message ?? 'without an error'}`),
  });
  return { stream, clock, events, trace, peer: await accepted, received: () => received };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a stream of SIP messages', () => {
  test('is kept open by a ping every 25 seconds (RFC 5626 section 4.4.1)', async () => {
    const { stream, clock, received } = await open();

    await clock.advance(24_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    await until(() => received() === '\r\n\r\n');
    await clock.advance(25_000);
    await until(() => received() === '\r\n\r\n\r\n\r\n');

    stream.close();
    expect(clock.pending).toBe(0);
  });

  test('answers a ping, and many at once with few bytes', async () => {
    const { stream, peer, received } = await open();

    peer.write('\r\n\r\n');
    await until(() => received() === '\r\n');
    peer.write('\r\n\r\n'.repeat(100_000));
    peer.write('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\nSIP/2.0 200');
    await until(() => stream.pendingBytes === 11);
    stream.close();

    expect(received().length).toBeLessThan(1_000);
    expect(received()).toMatch(/^(?:\r\n)+$/);
  });

  test('tells that the peer hung up, once, and sends nothing afterwards', async () => {
    const { stream, clock, events, peer } = await open();

    peer.end();
    await until(() => events.length > 0);
    await expect(stream.send('REGISTER sip:a SIP/2.0\r\n\r\n')).rejects.toThrow('the connection is closed');
    await clock.advance(60_000);
    stream.close();
    stream.close();

    expect(events).toEqual(['closed without an error']);
    expect(clock.pending).toBe(0);
  });

  test('tells that the peer reset it, with the error', async () => {
    const { events, peer } = await open();

    peer.resetAndDestroy();
    await until(() => events.length > 0);

    expect(events).toEqual(['closed read ECONNRESET']);
  });

  test('tells that it was closed here, and nothing that comes later', async () => {
    const { stream, events, peer } = await open();

    stream.close();
    peer.write('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n');
    await new Promise((resolve) => peer.once('close', resolve));

    expect(events).toEqual(['closed without an error']);
  });

  test('gives no further message of a packet once it is closed in between', async () => {
    const { events, peer } = await open((stream) => stream.close());
    const message = 'SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n';

    peer.write(message + message);
    await until(() => events.length > 1);

    expect(events).toEqual([`message ${message.length} at 0`, 'closed without an error']);
  });

  test('shows in its trace what went over the wire, also what could not be followed', async () => {
    const { stream, trace, events, peer } = await open();

    await stream.send('REGISTER sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n');
    peer.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    await until(() => events.length > 0);
    stream.close();

    expect(events[0]).toBe('violation not-sip HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(trace.map(({ direction, text }) => `${direction} ${text}`)).toEqual([
      'sent REGISTER sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n',
      'received HTTP/1.1 400 Bad Request\r\n\r\n',
    ]);
  });

  test('shows in its trace the beginning of a message that was never completed', async () => {
    const { stream, trace, peer } = await open();

    peer.write('SIP/2.0 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    await until(() => stream.pendingBytes > 0);
    stream.close();

    expect(trace.map(({ text }) => text)).toEqual(['SIP/2.0 200 OK\r\nContent-Length: 100\r\n\r\nhalf']);
  });
});
