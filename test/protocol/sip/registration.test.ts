import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { digestRegistrar, type RegistrarOptions } from '../../fixtures/digestRegistrar.js';
import { hasOpenssl, openOpensslServer } from '../../fixtures/opensslServer.js';
import { runRegistration, type SipRun } from '../../fixtures/sipLab.js';
import { answerTo, bindingOf, openSipServer, type SipScript, type SipServer } from '../../fixtures/sipServer.js';
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

/** Runs the transaction against `script` over TLS; afterwards no connection, no timer and no error of ours may be left. */
async function run(script: SipScript, differs: Partial<SipRun> = {}) {
  const server = await openSipServer(script, await lab.options(), differs.address);
  servers.push(server);
  const before = timers();
  const outcome = await runRegistration({ port: server.port, ca: lab.authority.ca, ...differs });
  await server.idle();
  expect(timers() - before).toBeLessThanOrEqual(0);
  expect(outcome.unexpected).toEqual([]);
  return { ...outcome, server, peer: `${serverName} at ${shownAddress(differs.address)}:${server.port}` };
}

function shownAddress(address = '127.0.0.1'): string {
  return address.includes(':') ? `[${address}]` : address;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

function brief({ outcome, steps }: TransactionResult): string {
  return [outcome, ...steps.map((step) => step.outcome)].join(' ');
}

const allPassed = 'success passed passed passed passed passed';
const failedAtRegister = 'failure passed passed passed failed skipped';
const failedAndRemoved = 'failure passed passed passed failed passed';

describe('signing in', () => {
  test.each<RegistrarOptions>([
    {},
    { algorithm: 'SHA-256' },
    { proxy: true },
    { proxy: true, algorithm: 'SHA-256' },
    { stale: 1 },
    { stale: 2 },
    { oneTime: true },
  ])('works with a registrar that is %j', async (options) => {
    const { result } = await run(digestRegistrar(options));

    expect(brief(result)).toBe(allPassed);
    expect(result.warnings).toEqual([]);
    expect(result.targetFqdn).toBe(serverName);
  });

  test('leaves behind what it saw: whom it reached, with which TLS, and who the registrar says it is', async () => {
    const { result, server } = await run(digestRegistrar({ headers: ['Server: kamailio (5.6.3)'] }));

    expect(result.observations).toMatchObject({
      remoteAddress: `127.0.0.1:${server.port}`,
      tlsVersion: 'TLSv1.3',
      registrar: 'kamailio (5.6.3)',
      certificates: [{ host: serverName, daysLeft: expect.any(Number) }],
    });
  });

  test('works over IPv6, with the address in brackets wherever it is written', async () => {
    const { result, server } = await run(digestRegistrar(), { address: '::1' });

    expect(brief(result)).toBe(allPassed);
    expect(result.observations.remoteAddress).toBe(`[::1]:${server.port}`);
    expect(server.received[0]).toMatch(/\r\nVia: SIP\/2\.0\/TLS \[::1\]:\d+;/);
    expect(server.received[0]).toMatch(/\r\nContact: <sip:probe-[0-9a-f]{12}@\[::1\]:\d+;transport=tls>\r\n/);
  });

  test('in a lab works without TLS', async () => {
    const server = await openSipServer(digestRegistrar());
    servers.push(server);

    const { result } = await runRegistration({ port: server.port, transport: 'tcp' });

    expect(brief(result)).toBe('success passed passed skipped passed passed');
    expect(result.steps[2]).toEqual({ name: 'tls', outcome: 'skipped', after: 'connect' });
    await server.idle();
  });

  test('sends what RFC 3261 section 10.2 asks for: one Call-ID and From tag, a rising CSeq, the domain as its Request-URI', async () => {
    const { server } = await run(digestRegistrar());

    const lines = server.received.map((text) => text.split('\r\n'));
    const values = (name: string) => lines.map((all) => all.find((line) => line.startsWith(`${name}: `)));
    expect(lines.map(([first]) => first)).toEqual(Array(3).fill('REGISTER sip:contoso.example SIP/2.0'));
    expect(values('CSeq')).toEqual(['CSeq: 1 REGISTER', 'CSeq: 2 REGISTER', 'CSeq: 3 REGISTER']);
    expect(values('Expires')).toEqual(['Expires: 90', 'Expires: 90', 'Expires: 0']);
    expect(new Set(values('Call-ID')).size).toBe(1);
    expect(new Set(values('From')).size).toBe(1);
    expect(new Set(values('Via')).size).toBe(3);
    expect(values('Authorization')[0]).toBeUndefined();
    expect(values('Authorization')[1]).toContain('nc=00000001');
    expect(values('Authorization')[2]).toContain('nc=00000002');
  });

  test('without being asked for a password is a success with a warning that degrades', async () => {
    const { result, peer } = await run((request, { answer }) => answer(request, '200 OK', ...bindingOf(request)));

    expect(brief(result)).toBe(allPassed);
    expect(result.warnings).toEqual([
      {
        code: 'AUTH_NOT_DEMANDED',
        step: 'register',
        message: `${peer} answered 200 without a challenge`,
        degrades: true,
      },
    ]);
  });

  test('asks for the time that the registrar grants at least (RFC 3261 section 10.2.8)', async () => {
    const registrar = digestRegistrar();
    const { result, server } = await run((request, connection) => {
      const brief = Number(request.headers.expires) > 0 && Number(request.headers.expires) < 120;
      if (request.headers.authorization && brief)
        connection.answer(request, '423 Interval Too Brief', 'Min-Expires: 120');
      else registrar(request, connection);
    });

    expect(brief(result)).toBe(allPassed);
    expect(server.received.map((text) => /Expires: (\d+)/.exec(text)?.[1])).toEqual(['90', '90', '120', '0']);
  });
});

describe('an answer', () => {
  /** Answers what a registrar of digest would, but as `rewrite` sends it. */
  function rewriting(rewrite: (text: string, send: (bytes: string | Buffer) => void) => void): SipScript {
    return (request, { send }) => rewrite(answerTo(request, '200 OK', bindingOf(request)), send);
  }

  test('in ten packets is one answer', async () => {
    const { result } = await run(
      rewriting(async (text, send) => {
        const size = Math.ceil(text.length / 10);
        for (let at = 0; at < text.length; at += size) {
          send(text.slice(at, at + size));
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }),
    );

    expect(brief(result)).toBe(allPassed);
  });

  test('that comes third in one packet, after a provisional one and a stranger, is found', async () => {
    const { result } = await run((request, { send }) => {
      const trying = answerTo(request, '100 Trying');
      const stray = answerTo(
        { ...request, headers: { ...request.headers, via: 'SIP/2.0/TLS x;branch=z9hG4bKx' } },
        '403 No',
      );
      send(trying + stray + answerTo(request, '200 OK', bindingOf(request)));
    });

    expect(brief(result)).toBe(allPassed);
  });

  test.each([
    [
      'compact names',
      (text: string) =>
        text.replace('Via', 'v').replace('From', 'f').replace('Call-ID', 'i').replace('Content-Length', 'l'),
    ],
    ['folded lines', (text: string) => text.replace(/;tag=server/, '\r\n ;tag=server')],
    ['no Content-Length', (text: string) => text.replace(/Content-Length: 0\r\n/, '')],
    ['no reason phrase', (text: string) => text.replace('200 OK', '200 ')],
    ['line ends before it', (text: string) => `\r\n\r\n\r\n${text}`],
    [
      'headers in another order and of unknown kinds',
      (text: string) => text.replace('Via:', 'X-Unknown: ;;,,""\r\nVia:'),
    ],
  ])('with %s is correct SIP', async (_, change) => {
    const { result } = await run(rewriting((text, send) => send(change(text))));

    expect(brief(result)).toBe(allPassed);
  });

  test.each([
    [
      302,
      'Moved Temporarily',
      'SIP_REQUEST_REDIRECTED',
      'Contact: <sip:pool02.contoso.example>',
      'contact: <sip:pool02.contoso.example>',
    ],
    [
      403,
      'Forbidden',
      'SIP_REQUEST_FORBIDDEN',
      'Warning: 399 fe01 "not from outside"',
      'warning: 399 fe01 "not from outside"',
    ],
    [404, 'Not Found', 'SIP_USER_NOT_FOUND', 'X: y', undefined],
    [423, 'Interval Too Brief', 'SIP_INTERVAL_TOO_BRIEF', 'Min-Expires: 86400', undefined],
    [480, 'Temporarily Unavailable', 'SIP_USER_UNAVAILABLE', 'Reason: SIP;cause=480', 'reason: SIP;cause=480'],
    [500, 'Server Internal Error', 'SIP_SERVER_ERROR', 'ms-diagnostics: 1;reason="x"', 'ms-diagnostics: 1;reason="x"'],
    [503, 'Service Unavailable', 'SIP_SERVICE_UNAVAILABLE', 'Retry-After: 30', 'retry-after: 30'],
  ])('%d %s is %s', async (status, reason, code, header, said) => {
    const { result } = await run((request, { answer }) => answer(request, `${status} ${reason}`, header));

    expect(brief(result)).toBe(failedAtRegister);
    expect(result.diagnosis).toMatchObject({
      code,
      step: 'register',
      error: `server answered ${status} ${reason} to REGISTER, expected 200`,
    });
    expect(result.diagnosis?.serverDiagnosis).toBe(said);
  });

  test.each([
    [408, 'Request Timeout', 'SIP_SERVER_TIMEOUT'],
    [504, 'Server Time-out', 'SIP_GATEWAY_TIMEOUT'],
  ])(
    '%d %s, after which the binding may yet have been made, is %s and the binding is removed',
    async (status, reason, code) => {
      const { result } = await run((request, { answer }) =>
        answer(request, request.headers.expires === '0' ? '200 OK' : `${status} ${reason}`),
      );

      expect(brief(result)).toBe(failedAndRemoved);
      expect(result.diagnosis).toMatchObject({
        code,
        error: `server answered ${status} ${reason} to REGISTER, expected 200`,
      });
    },
  );

  test('200 that does not list the binding is no sign-in, and what it may have made is removed', async () => {
    const { result, peer } = await run((request, { answer }) => answer(request, '200 OK'));

    expect(brief(result)).toBe(failedAndRemoved);
    expect(result.diagnosis).toMatchObject({
      code: 'SIP_BINDING_MISSING',
      error: `${peer} answered 200 to REGISTER, but none of the 0 Contact header fields is the binding asked for`,
    });
  });

  test('200 to the sign-out that still lists the binding is a failure', async () => {
    const { result, peer } = await run((request, { answer }) =>
      answer(request, '200 OK', `Contact: ${request.headers.contact};expires=90`),
    );

    expect(brief(result)).toBe('failure passed passed passed passed failed');
    expect(result.diagnosis).toMatchObject({
      code: 'SIP_BINDING_REMAINS',
      step: 'unregister',
      error: `${peer} answered 200 to REGISTER with Expires: 0, but still lists the binding`,
    });
  });
});

describe('a password', () => {
  test('that is wrong is refused once, tried no second time, and there is nothing to remove', async () => {
    const { result, server } = await run(digestRegistrar(), { password: 'wrong horse' });

    expect(brief(result)).toBe(failedAtRegister);
    expect(result.diagnosis).toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
      step: 'register',
      error: 'server answered 401 Unauthorized to REGISTER with the credentials of pilar',
    });
    expect(server.received).toHaveLength(2);
  });

  test('of a user who does not exist is refused like any other', async () => {
    const { result, server } = await run(digestRegistrar(), { userName: 'nobody' });

    expect(result.diagnosis).toMatchObject({
      code: 'AUTH_CREDENTIALS_REJECTED',
      error: 'server answered 401 Unauthorized to REGISTER with the credentials of nobody',
    });
    expect(server.received).toHaveLength(2);
  });

  test('and all that is computed from it stay out of result and trace', async () => {
    const canary = 'c4n4ry-passw0rd';
    const { result, trace, server } = await run(digestRegistrar({ password: canary }), { password: canary });

    const given = server.received
      .map((text) => /response="([0-9a-f]+)"/.exec(text)?.[1])
      .filter((value) => value !== undefined);
    expect(given).toHaveLength(2);
    for (const secret of [canary, ...given, 'nonce="n1"']) expect(trace + JSON.stringify(result)).not.toContain(secret);
    expect(trace.match(/^Authorization: Digest \[redacted\]$/gm)).toHaveLength(2);
  });

  test('of a server that always calls its nonce stale is tried three times', async () => {
    const { result, server } = await run(digestRegistrar({ stale: 100 }));

    expect(brief(result)).toBe(failedAtRegister);
    expect(result.diagnosis).toMatchObject({
      code: 'AUTH_CHALLENGE_LOOP',
      error: 'server answered 401 Unauthorized again: it called its own nonce stale 3 times in a row',
    });
    expect(server.received).toHaveLength(4);
  });

  test.each([
    [['NTLM realm="x"', 'Kerberos realm="x"'], 'AUTH_SCHEME_UNSUPPORTED'],
    [['Digest realm="x", nonce="n", algorithm=SHA-1'], 'AUTH_ALGORITHM_UNSUPPORTED'],
    [['Digest nonce="n"'], 'AUTH_CHALLENGE_MALFORMED'],
    [['=,,";'], 'AUTH_SCHEME_UNSUPPORTED'],
    [[], 'AUTH_CHALLENGE_MALFORMED'],
  ])('that is asked for by %j is %s', async (challenges, code) => {
    const { result } = await run((request, { answer }) =>
      answer(request, '401 Unauthorized', ...challenges.map((value) => `WWW-Authenticate: ${value}`)),
    );

    expect(brief(result)).toBe(failedAtRegister);
    expect(result.diagnosis?.code).toBe(code);
  });

  test('is asked for by a registrar behind a proxy: both are answered', async () => {
    const [proxy, registrar] = [digestRegistrar({ proxy: true }), digestRegistrar({ algorithm: 'SHA-256' })];
    const { result } = await run((request, connection) =>
      (request.headers['proxy-authorization'] === undefined ? proxy : registrar)(request, connection),
    );

    expect(brief(result)).toBe(allPassed);
  });

  test('is told wrongly by a server whose own proof is wrong', async () => {
    const proof = `Authentication-Info: rspauth="${'0'.repeat(32)}", qop=auth`;
    const { result } = await run(digestRegistrar({ headers: [proof] }));

    expect(result.outcome).toBe('failure');
    expect(result.diagnosis).toMatchObject({
      code: 'AUTH_SERVER_PROOF_WRONG',
      error: 'the rspauth in Authentication-Info does not match the password of the account',
    });
  });
});

describe.skipIf(!hasOpenssl())('a port for servers only (openssl s_server)', () => {
  test('that refuses in TLS 1.3, after the handshake, is named at the sign-in', async () => {
    const files = await lab.authority.issue({ names: [serverName] });
    const server = await openOpensslServer(files, ['-tls1_3', '-Verify', '1', '-verify_return_error']);

    const { result } = await runRegistration({ port: server.port, ca: lab.authority.ca }).finally(() => server.close());

    expect(result.outcome).toBe('failure');
    expect(result.diagnosis).toMatchObject({
      code: 'TLS_CLIENT_CERTIFICATE_REQUIRED',
      layer: 'tls',
      step: 'register',
      error: `${serverName} at 127.0.0.1:${server.port} broke off after the TLS handshake, before it answered REGISTER: it demands a client certificate (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)`,
    });
  });
});
