import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import { startTls } from '../../../shared/protocols/net/startTls.js';
import { secureContext } from '../../../shared/protocols/net/trust.js';
import type { CertificateKind } from '../../edge-simulator/certificates/leaf.js';
import { FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import { type OpenServer, openTcpServer, openTlsServer } from '../../fixtures/openServer.js';
import { hasOpenssl, openOpensslServer } from '../../fixtures/opensslServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, serverName, type TlsLab } from '../../fixtures/tlsLab.js';

expectNoStrayErrors();
let lab: TlsLab;
const servers: OpenServer[] = [];

beforeAll(async () => {
  lab = await openTlsLab();
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serveTcp(handle: Parameters<typeof openTcpServer>[0]): Promise<OpenServer> {
  const server = await openTcpServer(handle);
  servers.push(server);
  return server;
}

async function serveTls(
  options: Parameters<typeof openTlsServer>[0],
  handle: (socket: TLSSocket) => void = () => {},
  host?: string,
): Promise<OpenServer> {
  const server = await openTlsServer(options, handle, host);
  servers.push(server);
  return server;
}

/** A server, and the name that the first client asks it for. */
async function serveAndAsk(options: Parameters<typeof openTlsServer>[0]) {
  let resolve: (name: string | false | null | undefined) => void = () => {};
  const asked = new Promise<string | false | null | undefined>((settle) => {
    resolve = settle;
  });
  // Typed as a text alone; Node gives false where the client sent no name.
  const server = await serveTls(options, (socket) => resolve(socket.servername));
  return { server, asked };
}

const at = (server: OpenServer) => `${serverName} at 127.0.0.1:${server.port}`;

describe('a TLS handshake', () => {
  test('with a good server brings a connection, its version and its certificate', async () => {
    const server = await serveTls(await lab.options());
    const scope = new FakeScope();

    const connection = await lab.connect(server.port, { scope });

    expect(connection).toMatchObject({ protocol: 'TLS', peer: at(server) });
    expect(scope.observations).toMatchObject([
      { remoteAddress: `127.0.0.1:${server.port}` },
      {
        tlsVersion: 'TLSv1.3',
        certificates: [{ host: serverName, subject: serverName, names: [`DNS:${serverName}`] }],
      },
    ]);
    expect(scope.warnings).toEqual([]);
    connection.close();
    connection.close();
    await server.idle();
  });

  test('names the server it wants (SNI), and gets the certificate that is meant', async () => {
    const { server, asked } = await serveAndAsk(await lab.options());

    const connection = await lab.connect(server.port);

    expect(await asked).toBe(serverName);
    connection.close();
  });

  test('with an address as its name sends no SNI (RFC 6066) and checks the address in the certificate', async () => {
    const { server, asked } = await serveAndAsk(await lab.options({ names: ['127.0.0.1'] }));

    const connection = await lab.connect(server.port, { tlsName: '127.0.0.1' });

    expect(await asked).toBe(false);
    connection.close();
  });

  test('works over IPv6', async () => {
    const server = await serveTls(await lab.options(), () => {}, '::1');

    const connection = await lab.connect(server.port, { address: '::1' });

    expect(connection.peer).toBe(`${serverName} at [::1]:${server.port}`);
    connection.close();
  });

  test('warns of a certificate that expires soon', async () => {
    const server = await serveTls(await lab.options({ kind: 'soon' }));
    const scope = new FakeScope();

    const connection = await lab.connect(server.port, { scope });
    connection.close();

    expect(scope.warnings).toEqual([
      {
        code: 'TLS_CERTIFICATE_EXPIRES_SOON',
        message: expect.stringMatching(
          /^certificate of sip\.contoso\.example expires in 5 days, at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/,
        ),
      },
    ]);
  });

  test('can be allowed to be old', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await serveTls({ ...(await lab.options()), ...old });
    const scope = new FakeScope();

    const connection = await lab.connect(server.port, { scope, minVersion: 'TLSv1.1' });
    connection.close();

    expect(scope.observations).toMatchObject([{}, { tlsVersion: 'TLSv1.1' }]);
  });
});

describe('a certificate', () => {
  const day = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z/.source;

  test.each<[CertificateKind, string, string]>([
    ['expired', 'TLS_CERTIFICATE_EXPIRED', `expired at ${day}`],
    ['not-yet-valid', 'TLS_CERTIFICATE_NOT_YET_VALID', `not valid before ${day}`],
    ['wrong-name', 'TLS_NAME_MISMATCH', 'it names DNS:wrong-name\\.invalid'],
    [
      'untrusted',
      'TLS_CERTIFICATE_UNTRUSTED',
      'its issuer "Throw-away CA [0-9a-f]{8}" is not trusted \\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\\)',
    ],
    [
      'self-signed',
      'TLS_CERTIFICATE_UNTRUSTED',
      'its issuer "sip\\.contoso\\.example" is not trusted \\(DEPTH_ZERO_SELF_SIGNED_CERT\\)',
    ],
  ])('that is %s is refused as such, before a byte is sent, and told all the same', async (kind, code, words) => {
    let received = 0;
    const server = await serveTls(await lab.options({ kind }), (socket) => {
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
    });
    const scope = new FakeScope();

    const found = await diagnosisOf(lab.connect(server.port, { scope }));

    expect(found).toMatchObject({ code, fault: 'target' });
    expect(found.error).toMatch(new RegExp(`^certificate of sip\\.contoso\\.example refused: ${words}$`));
    expect(scope.observations[1]).toMatchObject({ certificates: [{ host: serverName }] });
    await server.idle();
    expect(received).toBe(0);
  });

  test('of an authority that is not known here is refused', async () => {
    const server = await serveTls(await lab.options());

    const found = await diagnosisOf(lab.connect(server.port, { stranger: true }));

    expect(found.code).toBe('TLS_CERTIFICATE_UNTRUSTED');
    await server.idle();
  });

  test('for a name does not stand for an address', async () => {
    const server = await serveTls(await lab.options());

    const found = await diagnosisOf(lab.connect(server.port, { tlsName: '127.0.0.1' }));

    expect(found).toMatchObject({
      code: 'TLS_NAME_MISMATCH',
      error: 'certificate of 127.0.0.1 refused: it names DNS:sip.contoso.example',
    });
    await server.idle();
  });
});

describe('a handshake that fails', () => {
  test('because the server is silent ends with the deadline', async () => {
    const server = await serveTcp(() => {});

    const found = await diagnosisOf(lab.connect(server.port, { scope: scopeFor(200) }));

    expect(found).toMatchObject({
      code: 'TLS_HANDSHAKE_TIMEOUT',
      error: `no TLS handshake with ${at(server)} within 200 ms`,
    });
    await server.idle();
  });

  test.each([
    ['speaks plain text', '220 mail.contoso.example ESMTP\r\n'],
    ['is a web server', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
    ['speaks SIP without TLS', 'SIP/2.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n'],
    ['sends noise', Buffer.from([0xff, 0x00, 0x13, 0x37, 0x00, 0x00, 0xff, 0xff])],
  ])('because the server %s', async (_, words) => {
    const server = await serveTcp((socket) => socket.on('data', () => socket.end(words)));

    const found = await diagnosisOf(lab.connect(server.port));

    expect(found.code).toBe('TLS_NOT_SPOKEN');
    expect(found.error).toMatch(new RegExp(`^TLS handshake with ${at(server)} failed: [a-z ]+ \\(ERR_SSL_[A-Z_]+\\)$`));
    await server.idle();
  });

  test.each([
    ['hangs up', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ])('because the server %s in the middle', async (_, hangUp) => {
    const server = await serveTcp((socket) => socket.once('data', () => hangUp(socket)));

    const found = await diagnosisOf(lab.connect(server.port));

    expect(found).toMatchObject({
      code: 'TLS_HANDSHAKE_CLOSED',
      error: `${at(server)} closed the connection during the TLS handshake`,
    });
    await server.idle();
  });

  test('because the connection is gone before it begins', async () => {
    const server = await serveTcp(() => {});
    const candidate = { host: serverName, port: server.port, tlsName: serverName, addresses: ['127.0.0.1'] };
    const policy = { ca: undefined, minVersion: 'TLSv1.2', warnDays: 21 } as const;
    const target = { fqdn: serverName, transport: 'tls', candidates: [candidate] } as const;
    const tcp = await connectTcp(target, systemClock, scopeFor(1_000));
    tcp.close();
    await server.idle();

    const found = await diagnosisOf(startTls(tcp, secureContext(policy), policy, systemClock, scopeFor(1_000)));

    expect(found).toMatchObject({
      code: 'TLS_HANDSHAKE_CLOSED',
      error: `${at(server)} closed the connection during the TLS handshake`,
    });
  });

  test('because the server breaks off in the middle of its hello', async () => {
    const server = await serveTcp((socket) => {
      socket.once('data', () => socket.end(Buffer.from([0x16, 0x03, 0x03, 0x00, 0x7a, 0x02, 0x00])));
    });

    const found = await diagnosisOf(lab.connect(server.port));

    expect(found.code).toBe('TLS_HANDSHAKE_CLOSED');
    await server.idle();
  });

  test('because the server speaks TLS 1.1 at most', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const server = await serveTls({ ...(await lab.options()), ...old });

    const found = await diagnosisOf(lab.connect(server.port));

    expect(found.code).toBe('TLS_VERSION_UNSUPPORTED');
    expect(found.error).toContain(`TLS handshake with ${at(server)} failed: `);
    await server.idle();
  });

  test('because there is no common cipher', async () => {
    const server = await serveTls({
      ...(await lab.options()),
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-ECDSA-AES256-SHA',
      ecdhCurve: 'secp521r1',
      sigalgs: 'RSA+SHA256',
    });

    const found = await diagnosisOf(lab.connect(server.port));

    expect(found.code).toBe('TLS_HANDSHAKE_FAILED');
    await server.idle();
  });

  test('because the run is being ended leaves nothing open', async () => {
    const server = await serveTcp(() => {});
    const scope = new FakeScope();

    const failed = diagnosisOf(lab.connect(server.port, { scope }));
    while (server.accepted === 0) await new Promise((resolve) => setImmediate(resolve));
    scope.abort();

    expect((await failed).layer).toMatch(/^t(?:cp|ls)$/);
    await server.idle();
  });
});

describe.skipIf(!hasOpenssl())('a server that demands a client certificate (openssl s_server)', () => {
  test('in TLS 1.2 breaks off the handshake', async () => {
    const files = await lab.authority.issue({ names: [serverName] });
    const server = await openOpensslServer(files, ['-tls1_2', '-Verify', '1', '-verify_return_error']);

    const found = await diagnosisOf(lab.connect(server.port)).finally(() => server.close());

    expect(found).toMatchObject({
      code: 'TLS_CLIENT_CERTIFICATE_REQUIRED',
      // OpenSSL 3.5, in Node.js 22, words it anew.
      error: expect.stringMatching(
        new RegExp(
          `^TLS handshake with ${serverName} at 127\\.0\\.0\\.1:${server.port} failed: (?:sslv3|ssl/tls) alert handshake failure \\(ERR_SSL_SSL(?:V3|/TLS)_ALERT_HANDSHAKE_FAILURE\\)$`,
        ),
      ),
    });
  });

  test('in TLS 1.3 lets the handshake pass: its refusal comes later, and finds a listener', async () => {
    const files = await lab.authority.issue({ names: [serverName] });
    const server = await openOpensslServer(files, ['-tls1_3', '-Verify', '1', '-verify_return_error']);

    const connection = await lab.connect(server.port);
    const errors: unknown[] = [];
    connection.socket.on('error', (error) => errors.push(error)).resume();
    await new Promise((resolve) => connection.socket.once('close', resolve));
    await server.close();

    expect(errors).toMatchObject([{ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }]);
  });
});
