import { createHmac, pbkdf2Sync } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab } from '../../fixtures/tlsLab.js';
import { openRoomServer, roomAddress } from '../../fixtures/xmppRoom.js';
import {
  base64,
  mechanisms,
  openXmppServer,
  playScram,
  saslElement,
  type XmppScript,
} from '../../fixtures/xmppServer.js';
import { roomConfig, type TracedRun, tracedRun } from './tracedRun.js';

expectNoStrayErrors();
const password = 'c4n4ry-passw0rd';
const secrets = { ADE_PASSWORD: password, BJO_PASSWORD: password };
const salted = pbkdf2Sync(password, 'salt of the user', 4096, 32, 'sha256');
const clientKey = createHmac('sha256', salted).update('Client Key').digest();
let ca: string;
let options: TlsOptions;

beforeAll(async () => {
  const lab = await openTlsLab();
  ca = lab.authority.ca;
  options = await lab.options({ names: ['partner.example'] });
});

/** Signs two users in at a server that follows the script. */
async function signIn(script: XmppScript): Promise<TracedRun> {
  const server = await openXmppServer(options, script);
  try {
    return await tracedRun('persistent-chat', roomConfig(server.port), { ca, secrets, timeoutMs: 2_000 });
  } finally {
    await server.close();
  }
}

/** The password in any form, and what SASL carries, decoded, by how its messages begin (RFC 4616, RFC 5802). */
function secretsIn(output: string): string[] {
  const forms = [Buffer.from(password), Buffer.from(`\0ade\0${password}`), salted, clientKey].flatMap((bytes) =>
    (['base64', 'hex', 'latin1'] as const).map((form) => bytes.toString(form)),
  );
  const carried = (output.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? []).filter((data) =>
    /^(?:n,,|r=|c=|v=|\0ade)/.test(Buffer.from(data, 'base64').toString('latin1')),
  );
  return [...forms.filter((form) => output.includes(form)), ...carried];
}

describe('the result, the trace and the terminal show nothing of what authenticates', () => {
  test('while the trace shows what went over the wire', async () => {
    const server = await openRoomServer(options, password);
    const { output, trace, result } = await tracedRun('persistent-chat', roomConfig(server.port), { ca, secrets });
    await server.close();

    expect(result.outcome).toBe('success');
    expect(trace).toContain(`<presence to="${roomAddress}/`);
    expect(trace.match(/^<(?:auth|challenge|response|success)\b.*>\[redacted\]/gm)).toHaveLength(8);
    expect(secretsIn(output)).toEqual([]);
  });

  test.each<[string, XmppScript, string]>([
    [
      'repeats what it was shown by PLAIN',
      async (peer) => {
        await peer.opens(mechanisms('PLAIN'));
        const [, data = ''] = await peer.reads(/<auth [^>]*>([^<]*)</);
        peer.writes(saslElement('failure', `<not-authorized/><text>no user has ${password} (${data})</text>`));
      },
      'AUTH_CREDENTIALS_REJECTED',
    ],
    [
      'refuses the proof',
      async (peer) => {
        await peer.opens(mechanisms('SCRAM-SHA-256'));
        await playScram(peer, { password, signature: () => 'e=invalid-proof' });
      },
      'XMPP_SASL_SERVER_UNPROVEN',
    ],
    [
      'breaks off in the middle of a challenge',
      async (peer) => {
        await peer.opens(mechanisms('SCRAM-SHA-256'));
        await peer.reads(/<auth /);
        peer.socket.end(saslElement('challenge', base64('r=abc,s=abc,i=4096')).slice(0, -13));
      },
      'XMPP_CONNECTION_LOST',
    ],
    [
      'writes a challenge that is no XML',
      async (peer) => {
        await peer.opens(mechanisms('SCRAM-SHA-256'));
        await peer.reads(/<auth /);
        peer.writes(saslElement('challenge', `${base64('r=abc,s=abc,i=4096')}<!-- x -->`));
      },
      'XMPP_XML_RESTRICTED',
    ],
  ])('also where the server %s', async (_, script, code) => {
    const { output, result } = await signIn(script);

    expect(result.diagnosis?.code).toBe(code);
    expect(secretsIn(output)).toEqual([]);
  });
});
