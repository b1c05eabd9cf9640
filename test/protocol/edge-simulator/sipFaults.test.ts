import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { faults } from '../../edge-simulator/faults/catalogue.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { authorizationLine, contact, openTls, type RawClient, registerText, signIn } from './rawClient.js';

let simulator: EdgeSimulator;
let client: RawClient;

beforeAll(async () => {
  simulator = await startEdgeSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  client = await openTls(simulator);
});
afterEach(async () => {
  client.socket.destroy();
  for (const { name } of faults) await simulator.clearFault(name);
  await expect.poll(() => simulator.state().connections.open).toBe(0);
});

/** Sends a REGISTER without credentials while the fault is on. */
async function ask(fault: string, delayMs?: number): Promise<void> {
  await simulator.setFault(fault, delayMs);
  client.send(registerText());
}

describe('faults of the registrar', () => {
  test.each([
    [
      'redirect-302',
      /^SIP\/2\.0 302 Moved Temporarily\r\n(.*\r\n)*Contact: <sip:elsewhere\.contoso\.test;transport=tls>\r\n/,
    ],
    ['register-400', /^SIP\/2\.0 400 Bad Request\r\n/],
    ['register-403', /^SIP\/2\.0 403 Forbidden\r\n/],
    ['register-404', /^SIP\/2\.0 404 Not Found\r\n/],
    ['register-408', /^SIP\/2\.0 408 Request Timeout\r\n/],
    ['register-423', /^SIP\/2\.0 423 Interval Too Brief\r\n(.*\r\n)*Min-Expires: 7200\r\n/],
    ['register-480', /^SIP\/2\.0 480 Temporarily Unavailable\r\n/],
    ['register-500', /^SIP\/2\.0 500 Server Internal Error\r\n/],
    ['register-503', /^SIP\/2\.0 503 Service Unavailable\r\n(.*\r\n)*Retry-After: 30\r\n/],
    ['register-504', /^SIP\/2\.0 504 Server Time-out\r\n/],
    ['algorithm-unknown', /^SIP\/2\.0 401 (.*\r\n)*WWW-Authenticate: Digest .*, algorithm=MD6\r\n/],
    ['qop-unknown', /^SIP\/2\.0 401 (.*\r\n)*WWW-Authenticate: Digest .*, qop="auth-conf", /],
    ['scheme-ntlm-only', /^SIP\/2\.0 401 (.*\r\n)*WWW-Authenticate: NTLM realm="SIP Communications Service", /],
    [
      'challenge-malformed',
      /^SIP\/2\.0 401 (.*\r\n)*WWW-Authenticate: Digest realm="contoso\.test, qop=, algorithm\r\n/,
    ],
    ['challenge-407', /^SIP\/2\.0 407 (.*\r\n)*Proxy-Authenticate: Digest .*, algorithm=MD5\r\n/],
    ['challenge-missing', /^SIP\/2\.0 401 Unauthorized\r\n((?!.*Authenticate).*\r\n)*\r\n$/],
    [
      'challenge-md5-only',
      /^SIP\/2\.0 401 ((?!.*SHA-256).*\r\n)*WWW-Authenticate: .*MD5\r\n((?!.*SHA-256).*\r\n)*\r\n$/,
    ],
    [
      'challenge-sha256-only',
      /^SIP\/2\.0 401 ((?!.*MD5).*\r\n)*WWW-Authenticate: .*SHA-256\r\n((?!.*MD5).*\r\n)*\r\n$/,
    ],
    ['no-challenge', /^SIP\/2\.0 200 OK\r\n(.*\r\n)*Contact: .*;expires=90\r\n/],
  ])('%s', async (fault, expected) => {
    await ask(fault);

    const answer = await client.next();

    expect(answer).toMatch(expected);
    // Those that are about one scheme alone offer no other beside it.
    if (/unknown|only|malformed/.test(fault)) expect(answer).not.toMatch(/algorithm=MD5\r\n.*algorithm|NTLM.*\r\nWWW/s);
  });

  test('challenge-407 accepts Proxy-Authorization', async () => {
    await simulator.setFault('challenge-407');

    expect((await signIn(client, simulator.users.pilar)).answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
  });

  test('stale-nonce makes the first answer stale, and the second right', async () => {
    await simulator.setFault('stale-nonce');
    const { answer } = await signIn(client, simulator.users.pilar);
    client.send(registerText({ lines: [`Contact: ${contact}`, authorizationLine(answer, simulator.users.pilar)] }));

    expect(answer).toMatch(/^SIP\/2\.0 401 (.*\r\n)*WWW-Authenticate: .*, stale=true\r\n/);
    expect(await client.next()).toMatch(/^SIP\/2\.0 200 OK\r\n/);
  });

  test.each([
    ['stale-forever', /^SIP\/2\.0 401 (.*\r\n)*WWW-Authenticate: .*, stale=true\r\n/],
    ['challenge-loop', /^SIP\/2\.0 401 ((?!.*stale).*\r\n)*\r\n$/],
  ])('%s never lets the right password in', async (fault, expected) => {
    await simulator.setFault(fault);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect((await signIn(client, simulator.users.pilar)).answer).toMatch(expected);
    }
  });

  test('server-proof-wrong sends a proof of zeros', async () => {
    await simulator.setFault('server-proof-wrong');

    expect((await signIn(client, simulator.users.pilar)).answer).toContain(`rspauth="${'0'.repeat(32)}"`);
  });

  test('binding-missing answers 200 without a Contact, although it is bound', async () => {
    await simulator.setFault('binding-missing');
    const { answer } = await signIn(client, simulator.users.pilar);

    expect(answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(answer).not.toContain('\r\nContact:');
  });

  test.each([
    ['with its Contact', [`Contact: ${contact};expires=0`], contact],
    ['of everything', ['Contact: *', 'Expires: 0'], '<sip:remains@127.0.0.1:'],
  ])('binding-remains lists the binding in the answer to a removal %s, and only there', async (_, lines, listed) => {
    await simulator.setFault('binding-remains');
    const added = await signIn(client, simulator.users.pilar);
    const removed = await signIn(client, simulator.users.pilar, { cseq: 2, lines });

    expect(added.answer).toContain(`\r\nContact: ${contact};expires=90\r\n`);
    expect(removed.answer).toMatch(/^SIP\/2\.0 200 OK\r\n/);
    expect(removed.answer).toContain(`\r\nContact: ${listed}`);
    expect(removed.answer).toContain(';expires=600\r\n');
  });
});

describe('faults of the byte stream', () => {
  test('silent-mid-answer sends the beginning and no more, not even a pong', async () => {
    await ask('silent-mid-answer');
    await client.next(/^SIP\/2\.0 401 Unauthorized\r\n[\s\S]+/);
    client.send('\r\n\r\n');

    expect(await client.silence()).toBe('');
  });

  test('close-mid-answer sends the beginning and closes', async () => {
    await ask('close-mid-answer');

    expect(await client.closed()).toBeUndefined();
    expect(client.unread).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(client.unread).not.toContain('\r\n\r\n');
  });

  test('close-after-request closes without a byte', async () => {
    await ask('close-after-request');

    expect(await client.closed()).toBeUndefined();
    expect(client.unread).toBe('');
  });

  test('reset-after-request resets the connection', async () => {
    await ask('reset-after-request');

    expect(await client.closed()).toBe('ECONNRESET');
    expect(client.unread).toBe('');
  });

  test('content-length-lies announces 100 bytes that do not come', async () => {
    await ask('content-length-lies');

    expect(await client.next()).toContain('\r\nContent-Length: 100\r\n');
    expect(await client.silence()).toBe('');
  });

  test('content-length-short announces 4 of 14 bytes', async () => {
    await ask('content-length-short');

    expect(await client.next()).toContain('\r\nContent-Length: 4\r\n');
    expect(await client.next(/^simulated body$/)).toBe('simulated body');
  });

  test('content-length-huge announces 50 MB', async () => {
    await ask('content-length-huge');

    expect(await client.next()).toContain('\r\nContent-Length: 50000000\r\n');
  });

  test('endless-header sends 10 MB without an end', async () => {
    await ask('endless-header');

    const start = 'SIP/2.0 200 OK\r\nX-Padding: ';

    const text = await client.take(start.length + 10_485_760);

    expect(text.startsWith(`${start}aaa`)).toBe(true);
    expect(text.includes('\r\n\r\n')).toBe(false);
    expect(await client.silence()).toBe('');
  });

  test('endless-header stops when nobody reads or the client leaves', async () => {
    await ask('endless-header');
    client.socket.pause();
    client.socket.destroy();

    await expect.poll(() => simulator.state().connections.open).toBe(0);
  });

  test('ten-packets sends a whole answer in pieces', async () => {
    const pieces: string[] = [];
    client.socket.on('data', (text: string) => pieces.push(text));
    await ask('ten-packets');

    expect(await client.next()).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n[\s\S]*\r\nContent-Length: 0\r\n\r\n$/);
    expect(pieces).toHaveLength(10);
  });

  test('coalesced sends 100, an OPTIONS request and the answer at once', async () => {
    const pieces: string[] = [];
    client.socket.on('data', (text: string) => pieces.push(text));
    await ask('coalesced');

    expect(await client.next()).toMatch(/^SIP\/2\.0 100 Trying\r\n/);
    expect(await client.next()).toMatch(/^OPTIONS sip:pilar@127\.0\.0\.1:5061;transport=tls SIP\/2\.0\r\n/);
    expect(await client.next()).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(pieces).toHaveLength(1);
  });

  test('extra-requests sends what nobody asked for before the answer, and takes answers to it', async () => {
    await ask('extra-requests');

    expect(await client.next()).toMatch(/^PRACK sip:pilar@.* SIP\/2\.0\r\n(.*\r\n)*RAck: 1 1 INVITE\r\n/);
    expect(await client.next()).toMatch(/^OPTIONS tel:\+15555550100 SIP\/2\.0\r\n/);
    expect(await client.next()).toMatch(/^SIP\/2\.0 200 OK\r\n(.*\r\n)*CSeq: first\r\n/);
    expect(await client.next()).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    client.send('SIP/2.0 481 Call/Transaction Does Not Exist\r\nContent-Length: 0\r\n\r\n\r\n\r\n');
    expect(await client.next(/^\r\n/)).toBe('\r\n');
  });

  test('unparsable-answer is SIP by its first word alone', async () => {
    await ask('unparsable-answer');

    expect(await client.next()).toMatch(/^SIP\/2\.0 two hundred OK\r\nVia nothing\r\n/);
  });

  test('garbage has every byte value and no end of a header', async () => {
    await ask('garbage');

    const bytes = await client.take(1024);

    expect(new Set(bytes).size).toBe(256);
    expect(bytes).not.toContain('\r\n');
  });

  test('http-server answers as a web server does and closes', async () => {
    await ask('http-server');

    expect(await client.closed()).toBeUndefined();
    expect(client.unread).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*<\/html>\n$/);
  });

  test.each(['late-answer', 'slow'])('%s holds the answer back for the delay it was given', async (fault) => {
    await ask(fault, 400);

    expect(await client.silence()).toBe('');
    expect(await client.next()).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
  });

  test('a late answer to a client that has gone disturbs nobody', async () => {
    await ask('late-answer', 60_000);
    client.socket.destroy();

    await expect.poll(() => simulator.state().connections.open).toBe(0);
  });
});
