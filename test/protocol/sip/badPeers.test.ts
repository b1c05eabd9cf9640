import { createServer } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { openTlsServer } from '../../fixtures/openServer.js';
import { runRegistration, type SipRun } from '../../fixtures/sipLab.js';
import {
  answerTo,
  bindingOf,
  openSipServer,
  type SipRequest,
  type SipScript,
  type SipServer,
} from '../../fixtures/sipServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, serverName, type TlsLab } from '../../fixtures/tlsLab.js';

expectNoStrayErrors();
let lab: TlsLab;
const servers: SipServer[] = [];

beforeAll(async () => {
  lab = await openTlsLab();
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Runs the transaction with no more than a second and a half; afterwards no connection and no timer may be left. */
async function run(script: SipScript, differs: Partial<SipRun> = {}) {
  const server = await openSipServer(script, await lab.options());
  servers.push(server);
  const before = timers();
  const outcome = await runRegistration({ port: server.port, ca: lab.authority.ca, deadlineMs: 1_500, ...differs });
  await server.idle();
  expect(timers() - before).toBeLessThanOrEqual(0);
  return { ...outcome, server, peer: `${serverName} at 127.0.0.1:${server.port}` };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function brief({ outcome, steps }: TransactionResult): string {
  return [outcome, ...steps.map((step) => step.outcome)].join(' ');
}

const allPassed = 'success passed passed passed passed passed';
/** The REGISTER is answered by `bad`, its removal as it should be. */
function onlyFirst(bad: SipScript): SipScript {
  return (request, connection) =>
    request.headers.expires === '0' ? connection.answer(request, '200 OK') : bad(request, connection);
}

const good: SipScript = (request, { answer }) => answer(request, '200 OK', ...bindingOf(request));
const ok = (request: SipRequest) => answerTo(request, '200 OK', bindingOf(request));

describe('a server that does not answer', () => {
  test('at all is a time-out, and the binding that it may hold is removed', async () => {
    const { result, peer } = await run(onlyFirst(() => {}));

    expect(brief(result)).toBe('failure passed passed passed failed passed');
    expect(result.diagnosis?.code).toBe('SIP_ANSWER_TIMEOUT');
    expect(result.diagnosis?.error).toMatch(new RegExp(`^no final answer from ${peer} to REGISTER within \\d+ ms$`));
  });

  test.each(['100 Trying', '183 Session Progress'])('but %s is a time-out that tells so', async (provisional) => {
    const { result } = await run(onlyFirst((request, { answer }) => answer(request, provisional)));

    expect(result.diagnosis?.code).toBe('SIP_ANSWER_TIMEOUT');
    expect(result.diagnosis?.error).toContain(` ms, only ${provisional}`);
  });

  test('in time is a time-out: what comes later does not count', async () => {
    const { result, server } = await run(
      onlyFirst((request, { send }) => void setTimeout(() => send(ok(request)), 1_700)),
      { deadlineMs: 400 },
    );

    expect(brief(result)).toMatch(/^failure passed passed passed failed/);
    expect(result.diagnosis?.code).toBe('SIP_ANSWER_TIMEOUT');
    expect(server.open).toBe(0);
  });

  test('in full is an answer that is not complete, with the number of bytes', async () => {
    const { result, peer } = await run(
      (request, { send, socket }) => (request.headers.expires === '0' ? socket.end() : send(ok(request).slice(0, 60))),
      { deadlineMs: 500 },
    );

    expect(result.diagnosis).toMatchObject({ code: 'SIP_ANSWER_INCOMPLETE', step: 'register' });
    expect(result.diagnosis?.error).toContain(
      `${peer} sent 60 bytes of an answer to REGISTER and did not complete it within `,
    );
  });

  test('in full because its Content-Length is too large is not complete', async () => {
    const { result } = await run(
      (request, { send, socket }) =>
        request.headers.expires === '0'
          ? socket.end()
          : send(ok(request).replace('Content-Length: 0', 'Content-Length: 700')),
      { deadlineMs: 500 },
    );

    expect(result.diagnosis?.code).toBe('SIP_ANSWER_INCOMPLETE');
  });

  test.each([
    ['closes the connection', 'end', ''],
    ['closes it half-way through its answer', 'half', 'after 40 bytes of its answer to REGISTER'],
    ['resets it', 'reset', ''],
  ])('but %s is told at once', async (_, how, words) => {
    const { result, peer } = await run((request, { send, socket }) => {
      if (how === 'half') send(ok(request).slice(0, 40));
      if (how === 'reset') servers.at(-1)?.reset();
      else socket.end();
    });

    expect(result.diagnosis).toMatchObject({ code: 'SIP_CONNECTION_LOST', step: 'register' });
    expect(result.diagnosis?.error).toContain(
      `${peer} closed the connection ${words || 'before it answered REGISTER'}`,
    );
    expect(result.steps[4]).toMatchObject({ outcome: 'failed', code: 'SIP_CONNECTION_LOST' });
  });
});

describe('a server that does not speak SIP', () => {
  test('but HTTP is named as such', async () => {
    const web = createServer();
    const server = await openTlsServer(await lab.options(), (socket) => void web.emit('connection', socket));

    const { result } = await runRegistration({ port: server.port, ca: lab.authority.ca });
    await server.close();

    expect(result.diagnosis).toMatchObject({
      code: 'SIP_NOT_SPOKEN',
      error: `${serverName} at 127.0.0.1:${server.port} answered REGISTER with something that is not SIP`,
      serverDiagnosis: 'HTTP/1.1 400 Bad Request Connection: close',
    });
  });

  test.each([
    ['XMPP', "<?xml version='1.0'?><stream:error/>"],
    ['a greeting', '220 mail.contoso.example ESMTP\r\n'],
    ['noise', Buffer.from([0x00, 0xff, 0x17, 0x03, 0x03, 0x0a])],
  ])('but %s is named as such', async (_, words) => {
    const { result } = await run((__, { send }) => send(words));

    expect(result.diagnosis?.code).toBe('SIP_NOT_SPOKEN');
  });

  test('but sends 10 MB without an end is cut off', async () => {
    const { result } = await run((_, { send }) => {
      for (let sent = 0; sent < 10_000_000; sent += 100_000) send(Buffer.alloc(100_000, 'A'));
    });

    expect(result.diagnosis?.code).toBe('SIP_MESSAGE_TOO_LARGE');
  });

  test('but announces 10 MB is cut off before they come', async () => {
    const { result, peer } = await run((request, { send }) =>
      send(ok(request).replace('Content-Length: 0', 'Content-Length: 10485760')),
    );

    expect(result.diagnosis).toMatchObject({
      code: 'SIP_MESSAGE_TOO_LARGE',
      error: `${peer} answered REGISTER with a body of more than 1 MiB`,
    });
  });
});

describe('an answer that is not correct SIP', () => {
  test.each([
    ['a CSeq that is no number', (text: string) => text.replace(/CSeq: .*/, 'CSeq: broken')],
    ['a To that is a telephone number', (text: string) => text.replace(/\r\nTo: .*;tag/, '\r\nTo: <tel:+4940123>;tag')],
    ['no Via', (text: string) => text.replace(/Via: .*\r\n/, '')],
    ['no Call-ID', (text: string) => text.replace(/Call-ID: .*\r\n/, '')],
    ['no CSeq', (text: string) => text.replace(/CSeq: .*\r\n/, '')],
    ['a Content-Length that is no number', (text: string) => text.replace('Content-Length: 0', 'Content-Length: many')],
    ['a status line that is none', (text: string) => text.replace('SIP/2.0 200 OK', 'SIP/2.0 two hundred')],
    ['a status of 999', (text: string) => text.replace('200 OK', '999 OK')],
  ])('for it has %s is told with its text', async (_, damage) => {
    const { result, peer } = await run((request, { send }) => send(damage(ok(request))));

    expect(result.diagnosis).toMatchObject({ code: 'SIP_ANSWER_UNPARSABLE', step: 'register' });
    expect(result.diagnosis?.error).toContain(`${peer} answered REGISTER with a `);
    expect(result.diagnosis?.serverDiagnosis).toContain('SIP/2.0 ');
  });

  test('before the connection is closed is told rather than the end of the connection', async () => {
    const { result } = await run((request, { send, socket }) => {
      send(ok(request).replace(/CSeq: .*/, 'CSeq: broken'));
      socket.end();
    });

    expect(result.diagnosis?.code).toBe('SIP_ANSWER_UNPARSABLE');
  });

  test('because it belongs to another SIP transaction (RFC 3261 section 17.1.3) is not taken for ours', async () => {
    const { result } = await run(
      onlyFirst((request, { send }) => send(ok(request).replace(/branch=[^;\r]*/, 'branch=z9hG4bKother'))),
      { deadlineMs: 400 },
    );

    expect(result.diagnosis?.code).toBe('SIP_ANSWER_TIMEOUT');
  });

  test('but provisional is passed over', async () => {
    const { result } = await run((request, { send }) => {
      send(answerTo(request, '100 Trying').replace(/CSeq: .*/, 'CSeq: broken'));
      setTimeout(() => send(ok(request)), 800);
    });

    expect(brief(result)).toBe(allPassed);
  });

  test('and is followed by a correct one is passed over', async () => {
    const { result } = await run((request, { send }) => {
      send(ok(request).replace(/CSeq: .*/, 'CSeq: broken'));
      send(ok(request));
    });

    expect(brief(result)).toBe(allPassed);
  });

  test('because its Content-Length is too small puts the next one out of step', async () => {
    const body = 'v=0 this is more than was announced';
    const { result, peer } = await run((request, { send }) =>
      send(answerTo(request, '200 OK', bindingOf(request), body).replace(/Content-Length: \d+/, 'Content-Length: 4')),
    );

    expect(brief(result)).toBe('failure passed passed passed passed failed');
    expect(result.diagnosis).toMatchObject({
      code: 'SIP_ANSWER_UNPARSABLE',
      step: 'unregister',
      error: `${peer} answered REGISTER with Expires: 0 with bytes behind a message that begin no other: its Content-Length may be too small`,
    });
  });
});

describe('a server that sends what nobody asked for', () => {
  const via = 'Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bKpeer';
  const dialogue =
    'From: <sip:x@contoso.example>;tag=x\r\nTo: <sip:pilar@contoso.example>\r\nCall-ID: peer\r\nMax-Forwards: 70';
  const requestOf = (method: string, uri: string, cseq = `1 ${method}`) =>
    `${method} ${uri} SIP/2.0\r\n${via}\r\n${dialogue}\r\nCSeq: ${cseq}\r\nContent-Length: 0\r\n\r\n`;

  test.each([
    ['a PRACK outside of a dialog', requestOf('PRACK', 'sip:pilar@contoso.example')],
    ['a request to a telephone number', requestOf('INVITE', 'tel:+4940123')],
    ['a request with a CSeq that is none', requestOf('OPTIONS', 'sip:pilar@contoso.example', 'broken')],
    ['a method that nobody knows', requestOf('BENOTIFY', 'sip:pilar@contoso.example')],
    ['an OPTIONS', requestOf('OPTIONS', 'sip:pilar@contoso.example')],
    ['an INVITE', requestOf('INVITE', 'sip:pilar@contoso.example')],
    [
      'an ACK and a CANCEL',
      requestOf('ACK', 'sip:pilar@contoso.example') + requestOf('CANCEL', 'sip:pilar@contoso.example'),
    ],
    ['a request without any header', 'OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n'],
    ['an empty status line with nothing behind it', 'SIP/2.0 200 OK\r\n\r\n'],
  ])('such as %s does not disturb the sign-in', async (_, strange) => {
    const { result } = await run((request, { send }) => send(strange + ok(request)));

    expect(brief(result)).toBe(allPassed);
  });

  test('such as a thousand responses to others settles nothing', async () => {
    const { result, peer } = await run(
      onlyFirst((request, { send }) => {
        for (let index = 0; index < 1_000; index += 1) {
          const id = { via: `SIP/2.0/TLS x;branch=z9hG4bK${index}`, 'call-id': `stray${index}` };
          send(
            answerTo(
              { ...request, headers: { ...request.headers, ...id } },
              index % 2 ? '200 OK' : '403 No',
              bindingOf(request),
            ),
          );
        }
      }),
    );

    expect(result.diagnosis?.code).toBe('SIP_ANSWER_TIMEOUT');
    expect(result.diagnosis?.error).toContain(`no final answer from ${peer} to REGISTER`);
  });

  test('such as the same answer twice counts it once', async () => {
    const { result } = await run((request, { send }) => send(ok(request) + ok(request)));

    expect(brief(result)).toBe(allPassed);
  });

  test('such as an answer before it was asked is not taken for a good one', async () => {
    const server = await openTlsServer(await lab.options(), (socket) => {
      socket.write('SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n');
      socket.on('data', (chunk: Buffer) => chunk.includes('Expires: 0') && socket.end());
    });

    const { result } = await runRegistration({ port: server.port, ca: lab.authority.ca, deadlineMs: 400 });
    await server.close();

    expect(result.diagnosis?.code).toBe('SIP_ANSWER_UNPARSABLE');
  });
});

test('a run that is being ended in the middle of a REGISTER still signs out', async () => {
  const stopping = new AbortController();

  const { result } = await run(
    onlyFirst(() => stopping.abort(new Error('Ctrl-C'))),
    { stop: stopping.signal },
  );

  expect(brief(result)).toBe('inconclusive passed passed passed failed passed');
  expect(result.diagnosis).toMatchObject({ code: 'PROBER_RUN_ABORTED', step: 'register' });
});

test('twenty runs at once leave nothing behind', async () => {
  const server = await openSipServer(good, await lab.options());
  servers.push(server);
  const before = timers();

  const runs = await Promise.all(
    Array.from({ length: 20 }, () => runRegistration({ port: server.port, ca: lab.authority.ca })),
  );
  await server.idle();

  expect(runs.map(({ result }) => result.outcome)).toEqual(Array(20).fill('success'));
  expect(server.open).toBe(0);
  expect(timers() - before).toBeLessThanOrEqual(0);
});
