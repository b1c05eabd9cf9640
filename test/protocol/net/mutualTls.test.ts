import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { identityContext } from '../../../shared/protocols/net/clientIdentity.js';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import { alertOf } from '../../../shared/protocols/net/diagnoseTls.js';
import { type MutualTls, startMutualTls } from '../../../shared/protocols/net/mutualTls.js';
import { type ClientIdentity, secureContext, type TlsPolicy } from '../../../shared/protocols/net/trust.js';
import type { CertificateKind } from '../../edge-simulator/certificates/leaf.js';
import { type FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import { openTcpServer, openTlsServer } from '../../fixtures/openServer.js';
import { hasOpenssl, openOpensslServer } from '../../fixtures/opensslServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, serverName, type TlsLab } from '../../fixtures/tlsLab.js';

expectNoStrayErrors();
let lab: TlsLab;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  lab = await openTlsLab();
});

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

interface Client {
  readonly identity?: ClientIdentity;
  readonly scope?: FakeScope;
  readonly tlsName?: string;
  readonly stranger?: boolean;
}

async function start(port: number, { identity, scope = scopeFor(5_000), ...client }: Client = {}): Promise<MutualTls> {
  const { tlsName = serverName, stranger = false } = client;
  const policy: TlsPolicy = { ca: stranger ? undefined : lab.authority.ca, minVersion: 'TLSv1.2', warnDays: 21 };
  const candidates = [{ host: serverName, port, tlsName, addresses: ['127.0.0.1'] }];
  const tcp = await connectTcp({ fqdn: serverName, transport: 'tls', candidates }, systemClock, scope);
  open.push(tcp);
  const context = identity ? identityContext(policy, identity) : secureContext(policy);
  const mutual = await startMutualTls(tcp, context, policy, systemClock, scope);
  open.push(mutual.connection);
  return mutual;
}

async function serve(options: TlsOptions, kind: CertificateKind = 'good'): Promise<number> {
  const server = await openTlsServer({ ...(await lab.options({ kind })), ca: lab.authority.ca, ...options }, () => {});
  open.push(server);
  return server.port;
}

async function identity(kind: CertificateKind = 'good'): Promise<ClientIdentity> {
  const leaf = await lab.authority.issue({ names: ['sip.partner.example'], kind });
  return { ...leaf, host: 'sip.partner.example' };
}

/** The alert with which a connection ends that the server does not want any more; it has to end. */
async function ending({ connection: { socket } }: MutualTls): Promise<string | undefined> {
  let alert: string | undefined;
  socket.once('error', (error: NodeJS.ErrnoException) => {
    alert = alertOf(error.code ?? '');
  });
  socket.resume();
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  return alert && `alert ${alert}`;
}

const demanding = { requestCert: true, rejectUnauthorized: true };
const asking = { requestCert: true, rejectUnauthorized: false };
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const only = (version: (typeof versions)[number]) => ({ minVersion: version, maxVersion: version });
const missing = { 'TLSv1.2': 'alert handshake_failure', 'TLSv1.3': 'alert certificate_required' } as const;

describe.each(versions)('over %s a client without a certificate', (version) => {
  test('sees the demand of a server, that it is refused, and a certificate that is verified all the same', async () => {
    const scope = scopeFor(5_000);

    const mutual = await start(await serve({ ...only(version), ...demanding }), { scope });

    expect(mutual.asked).toBe(true);
    expect(mutual.refusal).toBe(version === 'TLSv1.2' ? missing[version] : undefined);
    expect(await ending(mutual)).toBe(version === 'TLSv1.2' ? undefined : missing[version]);
    expect(scope.observations.at(-1)).toMatchObject({
      tlsVersion: version,
      certificates: [{ host: serverName, names: [`DNS:${serverName}`] }],
    });
  });

  test('sees that a server asks and goes on without', async () => {
    const mutual = await start(await serve({ ...only(version), ...asking }));

    expect(mutual).toMatchObject({ asked: true, refusal: undefined });
  });

  test('sees that a server does not ask', async () => {
    const mutual = await start(await serve(only(version)));

    expect(mutual).toMatchObject({ asked: false, refusal: undefined });
  });

  test.each([
    ['expired', 'TLS_CERTIFICATE_EXPIRED'],
    ['wrong-name', 'TLS_NAME_MISMATCH'],
    ['untrusted', 'TLS_CERTIFICATE_UNTRUSTED'],
    ['self-signed', 'TLS_CERTIFICATE_UNTRUSTED'],
    ['not-yet-valid', 'TLS_CERTIFICATE_NOT_YET_VALID'],
  ] as const)('that would be refused names the certificate of the server that is %s', async (kind, code) => {
    const port = await serve({ ...only(version), ...demanding }, kind);

    expect(await diagnosisOf(start(port))).toMatchObject({ code, layer: 'tls' });
  });

  test('does not trust an authority that it was not told of', async () => {
    const found = await diagnosisOf(start(await serve({ ...only(version), ...demanding }), { stranger: true }));

    expect(found.error).toMatch(
      /^certificate of sip\.contoso\.example refused: its issuer "Throw-away CA \w+" is not trusted \(SELF_SIGNED_CERT_IN_CHAIN\)$/,
    );
  });

  test('warns of a certificate that expires soon', async () => {
    const scope = scopeFor(5_000);

    await start(await serve({ ...only(version), ...demanding }, 'soon'), { scope });

    expect(scope.warnings).toMatchObject([{ code: 'TLS_CERTIFICATE_EXPIRES_SOON' }]);
  });
});

describe.each(versions)('over %s a client with a certificate', (version) => {
  test('is admitted where its authority is known', async () => {
    const mutual = await start(await serve({ ...only(version), ...demanding }), { identity: await identity() });

    expect(mutual).toMatchObject({ asked: true, refusal: undefined });
  });

  test.each(['untrusted', 'expired'] as const)('that is %s is refused', async (kind) => {
    const port = await serve({ ...only(version), ...demanding });

    const mutual = await start(port, { identity: await identity(kind) });

    // Node's own server looks at it when the handshake is over, and says nothing.
    expect(mutual.refusal ?? (await ending(mutual))).toBe(
      version === 'TLSv1.2' ? 'closed without an alert' : undefined,
    );
  });
});

describe('a server that is not what it should be', () => {
  test('and closes at once is a handshake that was closed, not a demand', async () => {
    const server = await openTcpServer((socket) => socket.destroy());
    open.push(server);

    expect(await diagnosisOf(start(server.port))).toMatchObject({ code: 'TLS_HANDSHAKE_CLOSED' });
  });

  test('and is silent is a handshake without an end', async () => {
    const server = await openTcpServer(() => {});
    open.push(server);

    expect(await diagnosisOf(start(server.port, { scope: scopeFor(200) }))).toMatchObject({
      code: 'TLS_HANDSHAKE_TIMEOUT',
    });
  });

  test('and speaks no common version is no demand either', async () => {
    const port = await serve({
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...demanding,
    });

    expect(await diagnosisOf(start(port))).toMatchObject({ code: 'TLS_VERSION_UNSUPPORTED' });
  });
});

describe.skipIf(!hasOpenssl())('against openssl s_server', () => {
  test.each([
    ['-tls1_2', ['-Verify', '1'], true, missing['TLSv1.2']],
    ['-tls1_3', ['-Verify', '1'], true, undefined],
    ['-tls1_2', ['-verify', '1'], true, undefined],
    ['-tls1_3', ['-verify', '1'], true, undefined],
    ['-tls1_2', [], false, undefined],
    ['-tls1_3', [], false, undefined],
  ] as const)('with %s and %j the demand is seen: %s', async (version, verify, asked, refusal) => {
    const { key, cert } = await lab.options();
    const server = await openOpensslServer({ key, cert, ca: lab.authority.ca }, [version, ...verify]);
    open.push(server);

    expect(await start(server.port)).toMatchObject({ asked, refusal });
  });

  test.each(['-tls1_2', '-tls1_3'])('with %s a certificate of an unknown authority is refused', async (version) => {
    const { key, cert } = await lab.options();
    const options = [version, '-Verify', '1', '-verify_return_error'];
    const server = await openOpensslServer({ key, cert, ca: lab.authority.ca }, options);
    open.push(server);

    const mutual = await start(server.port, { identity: await identity('untrusted') });

    expect(mutual.refusal ?? (await ending(mutual))).toBe('alert unknown_ca');
  });
});
