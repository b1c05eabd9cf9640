import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { methods } from '../../../shared/protocols/turn/stun/attributes.js';
import { addFingerprint } from '../../../shared/protocols/turn/stun/integrity.js';
import { encodeMessage, type StunMessage } from '../../../shared/protocols/turn/stun/message.js';
import { type FakeRelay, openFakeRelay, type RelayPeer, type RelayScript } from '../../fixtures/fakeRelay.js';
import { openTcpServer, openTlsServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab } from '../../fixtures/tlsLab.js';
import { type AvEdgeRun, runAvEdge } from '../../fixtures/turnLab.js';

expectNoStrayErrors();

// The tests run beside each other, for most of them wait: what they opened is closed after the last.
const opened: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

async function relayWith(script: RelayScript = {}): Promise<FakeRelay> {
  const relay = await openFakeRelay(script);
  opened.push(() => relay.close());
  return relay;
}

function probe({ port }: FakeRelay, run: Partial<AvEdgeRun> = {}): Promise<TransactionResult> {
  return runAvEdge({ deadlineMs: 2_500, ...run, settings: { udpPort: port, tcpPort: port, ...run.settings } });
}

/** Spoils the answers to authenticated Allocate requests over one transport. */
function spoil(
  over: RelayPeer['transport'],
  how: (answer: Buffer, request: StunMessage) => readonly Buffer[],
): RelayScript {
  const asked = new Set<string>();
  return {
    tamper: (answer, request, client) => {
      const key = `${client.port}`;
      const isSecond = asked.has(key);
      if (request.method === methods.allocate) asked.add(key);
      return client.transport === over && isSecond && request.method === methods.allocate
        ? how(answer, request)
        : [answer];
    },
  };
}

function changed(answer: Buffer, change: (copy: Buffer) => void): readonly Buffer[] {
  const copy = Buffer.from(answer);
  change(copy);
  return [copy];
}

const spoiled: readonly [string, (answer: Buffer, request: StunMessage) => readonly Buffer[], string, string][] = [
  [
    'the wrong cookie',
    (answer) => changed(answer, (copy) => copy.writeUInt32BE(1, 4)),
    'TURN_COOKIE_WRONG',
    'it lacks the magic cookie of STUN',
  ],
  [
    'an attribute beyond the end',
    (answer) => changed(answer, (copy) => copy.writeUInt16BE(9_000, 22)),
    'TURN_ATTRIBUTES_OVERRUN',
    'an attribute reaches beyond its end',
  ],
  [
    'the wrong fingerprint',
    (answer) => changed(answer, (copy) => copy.writeUInt8((copy.at(-1) ?? 0) ^ 1, copy.length - 1)),
    'TURN_FINGERPRINT_WRONG',
    'its fingerprint is wrong',
  ],
  [
    'the wrong integrity',
    (answer) => {
      const [copy = answer] = changed(answer.subarray(0, -8), (bytes) =>
        bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1),
      );
      return [addFingerprint(copy)];
    },
    'TURN_INTEGRITY_WRONG',
    'its message integrity is missing or wrong',
  ],
  [
    'no integrity',
    (_, { method, id }) => [encodeMessage(method, 'success', id, [])],
    'TURN_INTEGRITY_WRONG',
    'its message integrity is missing or wrong',
  ],
  [
    'another method',
    (answer) =>
      changed(answer, (copy) => copy.writeUInt16BE(0x0104, 0)).map((copy) => addFingerprint(copy.subarray(0, -8))),
    'TURN_TRANSACTION_MISMATCH',
    'it answers another method',
  ],
];

describe.concurrent('an answer that cannot be taken', () => {
  test.each(spoiled)('over UDP, with %s, is waited past and then named', async (_, how, code, words) => {
    const relay = await relayWith(spoil('udp', how));

    const { diagnosis } = await probe(relay);

    expect(diagnosis).toMatchObject({ code, step: 'allocate-udp', fault: 'target' });
    expect(diagnosis?.error).toBe(
      `sip.contoso.example at 127.0.0.1:${relay.port} over UDP gave no valid answer to Allocate, sent 3 times: ${words}`,
    );
  });

  test.each(spoiled)('over TCP, with %s, is named at once', async (_, how, code) => {
    const relay = await relayWith(spoil('tcp', how));

    const { diagnosis, steps } = await probe(relay, { deadlineMs: 9_000 });

    expect(diagnosis).toMatchObject({ code, step: 'allocate-tcp', fault: 'target' });
    const step = steps.find(({ name }) => name === 'allocate-tcp');
    expect(step && 'ms' in step && step.ms).toBeLessThan(2_000);
  });

  test('over UDP, with a length that lies', async () => {
    const relay = await relayWith(spoil('udp', (answer) => [answer.subarray(0, -12)]));

    expect((await probe(relay)).diagnosis).toMatchObject({ code: 'TURN_LENGTH_WRONG', step: 'allocate-udp' });
  });

  test('over TCP, with a length beyond what comes, ends at the deadline', async () => {
    const relay = await relayWith(spoil('tcp', (answer) => changed(answer, (copy) => copy.writeUInt16BE(60_000, 2))));

    expect((await probe(relay)).diagnosis).toMatchObject({ code: 'TURN_REQUEST_TIMEOUT', step: 'allocate-tcp' });
  });

  test.each(['udp', 'tcp'] as const)('over %s, with the transaction id of an earlier request', async (over) => {
    const ids: string[] = [];
    const relay = await relayWith({
      ...spoil(over, (answer) =>
        changed(answer, (copy) => copy.write(ids[0] ?? '', 8, 12, 'hex')).map((copy) =>
          addFingerprint(copy.subarray(0, -8)),
        ),
      ),
    });
    ids.push('00112233445566778899aabb');

    expect((await probe(relay)).diagnosis).toMatchObject({
      code: 'TURN_TRANSACTION_MISMATCH',
      step: `allocate-${over}`,
    });
  });

  test('from another address', async () => {
    const other: UdpSocket = createSocket('udp4');
    await new Promise<void>((resolve) => other.bind(0, '127.0.0.2', resolve));
    opened.push(() => other.close());
    const relay = await relayWith({
      tamper: (answer, _request, { transport, port, address }) => {
        if (transport === 'tcp') return [answer];
        other.send(answer, port, address);
        return [];
      },
    });

    const { diagnosis } = await probe(relay);

    expect(diagnosis).toMatchObject({ code: 'TURN_ANSWER_FROM_OTHER_ADDRESS', step: 'stun-binding' });
  });
});

describe.concurrent('datagrams that are not for us', () => {
  test('fail nothing, whatever is in them and wherever they come from', async () => {
    const stranger: UdpSocket = createSocket('udp4');
    await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.3', resolve));
    opened.push(() => stranger.close());
    const rubbish = [
      Buffer.alloc(0),
      Buffer.from('x'),
      Buffer.alloc(1_400, 0xff),
      Buffer.alloc(20),
      Buffer.alloc(65, 1),
    ];
    const relay = await relayWith({
      tamper: (answer, request, { transport, port, address }) => {
        if (transport === 'tcp') return [answer];
        const old = encodeMessage(request.method, 'success', '0'.repeat(24), []);
        for (const bytes of [...rubbish, old]) stranger.send(bytes, port, address);
        return [...rubbish, old, encodeMessage(1, 'request', 'f'.repeat(24), []), answer];
      },
      relay: (data) => [Buffer.from('of another run'), Buffer.alloc(172, 7), data],
    });

    expect(await probe(relay, { deadlineMs: 8_000 })).toMatchObject({ outcome: 'success', warnings: [] });
  });
});

describe.concurrent('something else at the TCP port', () => {
  /** A relay over UDP, and at its TCP port whatever `greet` makes of a connection. */
  async function diagnosed(tcp: (socket: Socket) => void) {
    const relay = await relayWith({ tcp });
    const { diagnosis } = await probe(relay, { deadlineMs: 3_000 });
    return { code: diagnosis?.code, step: diagnosis?.step };
  }

  test('a web server', async () => {
    const found = await diagnosed(
      (socket) => void socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );

    expect(found).toEqual({ code: 'TURN_HTTP_ANSWERED', step: 'allocate-tcp' });
  });

  test('one that speaks first', async () => {
    expect(await diagnosed((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'))).toEqual({
      code: 'TURN_NOT_SPOKEN',
      step: 'allocate-tcp',
    });
  });

  test('one that hangs up', async () => {
    expect(await diagnosed((socket) => void socket.once('data', () => socket.end()))).toEqual({
      code: 'TURN_CONNECTION_CLOSED',
      step: 'allocate-tcp',
    });
  });

  test('one that resets the connection', async () => {
    expect(await diagnosed((socket) => void socket.once('data', () => socket.resetAndDestroy()))).toEqual({
      code: 'TURN_CONNECTION_CLOSED',
      step: 'allocate-tcp',
    });
  });

  test('one that says nothing', async () => {
    expect(await diagnosed((socket) => void socket.resume())).toEqual({
      code: 'TURN_REQUEST_TIMEOUT',
      step: 'allocate-tcp',
    });
  });

  test('a TLS server', async () => {
    const lab = await openTlsLab();
    const server = await openTlsServer(await lab.options(), () => {});
    opened.push(() => server.close());
    const relay = await relayWith();

    const { diagnosis } = await probe(relay, {
      deadlineMs: 12_000,
      settings: { udpPort: relay.port, tcpPort: server.port },
    });

    expect(diagnosis).toMatchObject({ code: 'TURN_TLS_ANSWERED', step: 'allocate-tcp' });
    expect(diagnosis?.serverDiagnosis).toBeUndefined();
  }, 15_000);

  test('at the TLS port, a server whose certificate is for another name', async () => {
    const lab = await openTlsLab();
    const server = await openTlsServer(await lab.options({ names: ['another.example'] }), () => {});
    opened.push(() => server.close());
    const relay = await relayWith();
    const settings = { udpPort: relay.port, tcpPort: relay.port, tlsPort: server.port };

    const { diagnosis } = await probe(relay, { ca: lab.authority.ca, settings });

    expect(diagnosis).toMatchObject({ code: 'TLS_NAME_MISMATCH', step: 'tls' });
  });
});

describe.concurrent('what cannot be reached', () => {
  test('TCP that is refused while UDP works', async () => {
    const relay = await relayWith();
    const closed = await openTcpServer(() => {});
    await closed.close();

    const { diagnosis } = await probe(relay, { settings: { udpPort: relay.port, tcpPort: closed.port } });

    expect(diagnosis).toMatchObject({
      code: 'TURN_TCP_BLOCKED',
      step: 'connect-tcp',
      error: `no TCP connection to 127.0.0.1:${closed.port} (connection refused), while the relay answers over UDP`,
    });
  });

  test('UDP that is dropped while TCP works; the relay is still tried over TCP', async () => {
    const relay = await mute();

    const result = await probe(relay, { deadlineMs: 15_000 });

    expect(result).toMatchObject({
      outcome: 'failure',
      diagnosis: {
        code: 'TURN_UDP_BLOCKED',
        step: 'stun-binding',
        error: `sip.contoso.example at 127.0.0.1:${relay.port} over UDP did not answer Binding, sent 4 times within 5500 ms, while it answers over TCP`,
      },
    });
    expect(result.steps.find(({ name }) => name === 'echo-tcp')?.outcome).toBe('passed');
  }, 15_000);

  test('no UDP at all is our own trouble, where a reference that answers UDP is silent too', async () => {
    const relay = await mute();
    const reference = await referenceThat(() => {});

    const result = await probe(relay, { deadlineMs: 15_000, reference });

    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'TURN_UDP_NOT_LEAVING' } });
  }, 15_000);

  test('a reference that answers leaves the fault with the relay', async () => {
    const relay = await mute();
    const reference = await referenceThat((socket, port, address) => socket.send('anything', port, address));

    const result = await probe(relay, { deadlineMs: 15_000, reference });

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { code: 'TURN_UDP_BLOCKED' } });
  }, 15_000);

  /** A neutral target at the port of STUN. */
  async function referenceThat(answer: (socket: UdpSocket, port: number, address: string) => void) {
    for (let host = 101; ; host += 1) {
      const socket = createSocket('udp4');
      const isBound = await new Promise<boolean>((resolve) => {
        socket.once('error', () => resolve(false)).bind(3478, `127.0.0.${host}`, () => resolve(true));
      });
      if (!isBound) continue;
      socket.on('message', (_, { port, address }) => answer(socket, port, address));
      opened.push(() => socket.close());
      return { host: `127.0.0.${host}`, port: 3478 };
    }
  }

  test('neither UDP nor TCP', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    opened.push(() => silent.close());
    const { port } = silent.address();
    const closed = await openTcpServer(() => {});
    await closed.close();

    const { diagnosis } = await runAvEdge({ deadlineMs: 15_000, settings: { udpPort: port, tcpPort: closed.port } });

    expect(diagnosis).toMatchObject({ code: 'TURN_RELAY_SILENT', step: 'stun-binding' });
  }, 15_000);

  test('a UDP port that is closed', async () => {
    const closed = await openTcpServer(() => {});
    await closed.close();

    const { diagnosis } = await runAvEdge({
      deadlineMs: 15_000,
      settings: { udpPort: closed.port, tcpPort: closed.port },
    });

    expect(diagnosis).toMatchObject({ code: 'TURN_UDP_PORT_CLOSED', step: 'stun-binding' });
  }, 15_000);

  /** A relay that hears UDP and never answers it. */
  async function mute() {
    const relay = await relayWith({ tamper: (answer, _, { transport }) => (transport === 'udp' ? [] : [answer]) });
    return relay;
  }
});
