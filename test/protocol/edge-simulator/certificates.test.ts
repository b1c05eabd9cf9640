import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { type Authority, type LeafRequest, makeAuthority } from '../../edge-simulator/certificates.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A handshake with a server that has the certificate asked for: `authorized`, or the reason why not. */
async function verdictOn(authority: Authority, request: LeafRequest, servername = 'sip.contoso.test'): Promise<string> {
  const leaf = await authority.issue(request);
  const server = createServer({ key: leaf.key, cert: leaf.cert }, (socket) => socket.on('error', () => undefined));
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  const port = listening !== null && typeof listening === 'object' ? listening.port : 0;
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      { host: '127.0.0.1', port, servername, ca: leaf.ca, rejectUnauthorized: false },
      () => {
        resolve(socket.authorized ? 'authorized' : String(socket.authorizationError));
        socket.destroy();
      },
    );
    socket.on('error', reject);
  });
}

describe('makeAuthority', () => {
  test.each([
    ['good', 'authorized'],
    ['soon', 'authorized'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['not-yet-valid', 'CERT_NOT_YET_VALID'],
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)('a %s certificate is found %s', async (kind, expected) => {
    const verdict = await verdictOn(await makeAuthority(), { names: ['sip.contoso.test'], kind });

    expect(verdict).toBe(expected);
  });

  test('names may be addresses', async () => {
    const authority = await makeAuthority();
    const names = ['sip.contoso.test', '127.0.0.1'];

    expect(await verdictOn(authority, { names }, '')).toBe('authorized');
    expect(await verdictOn(authority, { names: ['sip.contoso.test'] }, '')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('two authorities do not know each other', async () => {
    const [one, other] = await Promise.all([makeAuthority(), makeAuthority()]);
    const mixed: Authority = {
      ca: one.ca,
      issue: async (request) => ({ ...(await other.issue(request)), ca: one.ca }),
    };

    expect(await verdictOn(mixed, { names: ['sip.contoso.test'] })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  test('refuses a certificate without a name', async () => {
    const authority = await makeAuthority();

    await expect(authority.issue({ names: [] })).rejects.toThrow(
      'names: a certificate needs at least one DNS name or IP address',
    );
  });
});
