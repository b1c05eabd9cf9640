import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identityContext, readClientIdentity } from '../../../shared/protocols/net/clientIdentity.js';
import { type Authority, makeAuthority } from '../../edge-simulator/certificates.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';

let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-identity-'));
  authority = await makeAuthority();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function files(...names: readonly string[]) {
  const { cert, key } = await authority.issue({ names });
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { certFile, keyFile };
}

describe('a client certificate', () => {
  test.each([
    [['sip.partner.example', 'partner.example'], 'sip.partner.example'],
    [['*.partner.example', 'sip.partner.example'], 'sip.partner.example'],
    [['192.0.2.1', 'sip.partner.example'], 'sip.partner.example'],
    [['192.0.2.1'], 'anonymous.invalid'],
  ])('for %j stands for %s', async (names, host) => {
    const identity = readClientIdentity(await files(...names));

    expect(identity.host).toBe(host);
    expect(identityContext({ ca: undefined, minVersion: 'TLSv1.2', warnDays: 21 }, identity)).toBeDefined();
  });

  test.each(['certFile', 'keyFile'] as const)('whose %s is gone is named, and is our own trouble', async (which) => {
    const gone = join(folder, 'gone.pem');
    const paths = { ...(await files('sip.partner.example')), [which]: gone };

    expect(await diagnosisOf(Promise.resolve().then(() => readClientIdentity(paths)))).toMatchObject({
      code: 'CONFIG_CLIENT_CERTIFICATE_UNUSABLE',
      fault: 'prober',
      error: `clientCertificate: ${which} ${gone} cannot be read`,
    });
  });

  test('that is none is named', async () => {
    const { keyFile } = await files('sip.partner.example');

    const found = await diagnosisOf(Promise.resolve().then(() => readClientIdentity({ certFile: keyFile, keyFile })));

    expect(found.error).toBe(`clientCertificate: certFile ${keyFile} cannot be read as a certificate`);
  });
});
