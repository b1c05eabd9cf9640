import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../shared/domain/secret.js';
import { openLyncUserAgent } from '../../../../shared/protocols/lync/lyncUserAgent.js';
import { sessionKeys } from '../../../../shared/protocols/lync/ntlm/sessionKeys.js';
import { signText } from '../../../../shared/protocols/lync/ntlm/signature.js';
import { signatureBuffer } from '../../../../shared/protocols/lync/signatureBuffer.js';
import {
  headerValue,
  headerValues,
  type RawMessage,
  readMessage,
} from '../../../../shared/protocols/sip/rawMessage.js';
import { FakeScope } from '../../../fakes/fakeScope.js';
import { ManualClock } from '../../../fakes/manualClock.js';
import { ScriptedSocket, written } from '../../../fakes/scriptedSocket.js';
import { diagnosisOf } from '../../../fixtures/diagnosisOf.js';
import { composed } from './ntlm/vectors.js';

const names = { realm: 'SIP Communications Service', targetName: 'fe01.contoso.com' };
const named = 'targetname="fe01.contoso.com", realm="SIP Communications Service"';
const offer = `WWW-Authenticate: NTLM ${named}, version=4`;
const challenge = `WWW-Authenticate: NTLM opaque="5C3A91D0", gssapi-data="${composed.challenge.toString('base64')}", ${named}, version=4`;
/** The client's session key is that of its random source. */
const keys = sessionKeys(Buffer.alloc(16, 7), 0x62988255);
let serial = 0;

/** A message with the server's signature. */
function signed(text: string, proof?: string): string {
  serial += 1;
  const parameters = { scheme: 'NTLM', rand: 'E5F60718', num: String(serial), ...names };
  const right = signText(keys.server, signatureBuffer(readMessage(text), parameters, 4));
  const field = `Authentication-Info: NTLM rspauth="${proof ?? right}", srand="E5F60718", snum="${serial}", opaque="5C3A91D0", qop="auth", ${named}`;
  return text.replace('\r\n\r\n', `\r\n${field}\r\n\r\n`);
}

function answerTo(request: RawMessage, status: string, ...more: readonly string[]): string {
  const copied = ['via', 'from', 'call-id', 'cseq'].flatMap((name) =>
    headerValues(request, name).map((value) => `${name}: ${value}`),
  );
  return written([`SIP/2.0 ${status}`, ...copied, `to: ${headerValue(request, 'to')};tag=fe`], more);
}

/** kenmyer, signed in at a server that forgets the sign-in as often as `forgets` says. */
async function signedIn(forgets = 0) {
  serial = 0;
  const server = new ScriptedSocket();
  let left = forgets;
  let known = false;
  const reply = (request: RawMessage): string | undefined => {
    const credentials = headerValue(request, 'authorization') ?? '';
    const is = (method: string) => request.startLine.startsWith(`${method} `);
    if (credentials.includes('gssapi-data=""')) return answerTo(request, '401 Unauthorized', challenge);
    if (credentials.includes('gssapi-data')) known = true;
    else if (!is('REGISTER') && left > 0) {
      left -= 1;
      known = false;
    }
    if (!known) return answerTo(request, '401 Unauthorized', offer);
    return is('REGISTER') || is('OPTIONS') ? signed(answerTo(request, '200 OK')) : undefined;
  };
  server.onSent = (request) => {
    const text = reply(request);
    if (text !== undefined) queueMicrotask(() => server.receive(text));
  };
  const user = openLyncUserAgent(server.connection, {
    account: { sipAddress: 'sip:kenmyer@contoso.com', userName: 'CONTOSO\\kenmyer', password: new Secret('canary') },
    sipDomain: 'contoso.com',
    userAgent: 'edge-probes/test',
    clock: new ManualClock(),
    randomBytes: (length) => Buffer.alloc(length, 7),
  });
  await user.register({ expires: 90 }, new FakeScope());
  return {
    user,
    server,
    ask: (scope = new FakeScope()) => user.request({ method: 'OPTIONS', uri: 'sip:contoso.com', headers: [] }, scope),
  };
}

/** A request of the server, as it would come unasked. */
const unasked = written(
  [
    'MESSAGE sip:kenmyer@contoso.com SIP/2.0',
    'Via: SIP/2.0/TLS fe01.contoso.com:5061;branch=z9hG4bKa1',
    'From: <sip:pilar@contoso.com>;tag=77',
    'To: <sip:kenmyer@contoso.com>',
    'Call-ID: unasked',
    'CSeq: 1 MESSAGE',
  ],
  [],
);

describe('a user signed in with NTLM', () => {
  test('sends signed requests', async () => {
    const { ask, server } = await signedIn();

    expect(await ask()).toMatchObject({ kind: 'response', status: 200 });
    expect(headerValue(server.last('OPTIONS'), 'authorization')).toMatch(
      /^NTLM qop="auth", opaque="5C3A91D0".*, cnum="2"/,
    );
  });

  test('signs in once more where the server forgot it, repeats the request, and warns', async () => {
    const { ask, server } = await signedIn(1);
    const scope = new FakeScope();

    expect(await ask(scope)).toMatchObject({ kind: 'response', status: 200 });
    expect(server.sent.map(({ startLine }) => startLine.split(' ', 1)[0])).toEqual([
      ...['REGISTER', 'REGISTER', 'REGISTER', 'OPTIONS'],
      ...['REGISTER', 'REGISTER', 'REGISTER', 'OPTIONS'],
    ]);
    expect(headerValue(server.last('OPTIONS'), 'cseq')).toBe('2 OPTIONS');
    expect(scope.warnings.map(({ code }) => code)).toEqual(['AUTH_ASSOCIATION_LOST']);
  });

  test('gives up where the server forgets it again', async () => {
    const { ask } = await signedIn(2);

    expect((await diagnosisOf(ask())).code).toBe('AUTH_ASSOCIATION_LOST');
  });

  test('tells with the next request of a message that was signed wrongly while nobody waited, once', async () => {
    const { ask, server } = await signedIn();
    server.receive(signed(unasked, '01000000000000000000000064000000'));
    const sent = server.sent.length;

    expect(await diagnosisOf(ask())).toMatchObject({
      code: 'AUTH_SIGNATURE_WRONG',
      error: 'the signature of the request MESSAGE is not the one that its content should have',
    });
    // It was not answered; the request that was told of it went out.
    expect(server.sent.slice(sent).map(({ startLine }) => startLine)).toEqual(['OPTIONS sip:contoso.com SIP/2.0']);
    expect(await ask()).toMatchObject({ status: 200 });
  });

  test('warns with the next request of a message without a signature', async () => {
    const { ask, server } = await signedIn();
    const scope = new FakeScope();
    server.receive(unasked);
    await ask(scope);

    expect(scope.warnings).toEqual([
      {
        code: 'AUTH_MESSAGE_UNSIGNED',
        message:
          'the request MESSAGE came without a signature although the sign-in agreed on signatures, and was not taken',
      },
    ]);
  });

  test('is told of what must not be believed also when it signs out, and is signed out', async () => {
    const { user, server } = await signedIn();
    server.receive(signed(unasked, '01000000000000000000000064000000'));

    const found = await diagnosisOf(user.register({ expires: 0 }, new FakeScope()));

    expect(found.code).toBe('AUTH_SIGNATURE_WRONG');
    expect(headerValue(server.last('REGISTER'), 'expires')).toBe('0');
    expect(user.mayBeRegistered).toBe(false);
  });

  test('observes a refusal without a signature, and believes it', async () => {
    const { user, server } = await signedIn();
    const scope = new FakeScope();
    server.onSent = (request) =>
      queueMicrotask(() => server.receive(answerTo(request, '504 Server time-out', 'ms-diagnostics: 1008;reason="x"')));

    const answer = await user.request({ method: 'SERVICE', uri: 'sip:contoso.com', headers: [] }, scope);

    expect(answer).toMatchObject({ kind: 'response', status: 504 });
    expect(scope.observations).toContainEqual({ unsignedAnswers: ['the answer 504 Server time-out to SERVICE'] });
  });
});
