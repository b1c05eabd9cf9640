import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Scope } from '../../../shared/domain/scope.js';
import type { XmppClient } from '../../../shared/protocols/xmpp/client/xmppClient.js';
import { FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { diagnosisOf } from '../../fixtures/diagnosisOf.js';
import type { OpenServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, type TlsLab } from '../../fixtures/tlsLab.js';
import { xmppClientsIn } from '../../fixtures/xmppClients.js';
import {
  base64,
  bindFeature,
  mechanisms,
  openClearXmppServer,
  openXmppServer,
  playScram,
  proceed,
  type ScramPlay,
  saslElement,
  signsIn,
  starttls,
  streamHeader,
  type XmppScript,
} from '../../fixtures/xmppServer.js';

expectNoStrayErrors();
const password = 'pencil';
let lab: TlsLab;
let options: TlsOptions;
let openClient: ReturnType<typeof xmppClientsIn>;
const servers: OpenServer[] = [];
const clients: XmppClient[] = [];

beforeAll(async () => {
  lab = await openTlsLab();
  options = await lab.options({ names: ['partner.example'] });
  openClient = xmppClientsIn({ ca: lab.authority.ca });
});

/** Nothing may be left open by the client, whatever the server did: it is closed before the server is asked. */
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers) await server.idle();
  for (const server of servers.splice(0)) await server.close();
});

async function serve(script: XmppScript): Promise<XmppClient> {
  const server = await openXmppServer(options, script);
  servers.push(server);
  return clientOf(server, true);
}

async function serveInClear(script: XmppScript): Promise<XmppClient> {
  const server = await openClearXmppServer(script);
  servers.push(server);
  return clientOf(server, false);
}

function clientOf(server: OpenServer, directTls: boolean): XmppClient {
  const service = { host: '127.0.0.1', port: server.port, directTls };
  const client = openClient({ jid: 'ade@partner.example', password, service });
  clients.push(client);
  return client;
}

async function signIn(client: XmppClient, scope: Scope = scopeFor(5_000)): Promise<void> {
  await client.resolve(scope);
  await client.connect(scope);
  await client.secure(scope);
  await client.authenticate(scope);
}

/** Code and error of a sign-in that fails, with the server called `server`. */
async function failureOf(client: XmppClient, limitMs = 5_000): Promise<readonly [string, string]> {
  const found = await diagnosisOf(signIn(client, scopeFor(limitMs)));
  return [found.code, found.error.replaceAll(client.peer, 'server')];
}

const silence = () => new Promise<void>(() => {});

describe('before TLS', () => {
  test('STARTTLS is taken, with the domain as SNI, and the user is named only afterwards', async () => {
    const seen: string[] = [];
    const client = await serveInClear(async (peer) => {
      await peer.opens(starttls);
      await peer.reads(/<starttls [^>]*\/>/);
      seen.push(peer.received);
      peer.writes(proceed);
      const secured = peer.secured(options);
      await signsIn(secured, password);
      seen.push(secured.received);
    });

    await signIn(client);

    expect(client.jid).toMatch(/^ade@partner\.example\/edge-probes-[0-9a-f]{8}$/);
    expect(seen[0]).toBe(
      '<?xml version=\'1.0\'?><stream:stream version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" to="partner.example"><starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>',
    );
    expect(seen[1]).toContain('to="partner.example" from="ade@partner.example"');
  });

  test('a server without STARTTLS gets nothing more in clear', async () => {
    let received = '';
    const client = await serveInClear(async (peer) => {
      await peer.opens(mechanisms('PLAIN', 'SCRAM-SHA-1'));
      peer.socket.on('close', () => {
        received = peer.received;
      });
      await silence();
    });

    const failure = await failureOf(client);
    client.close();
    await servers[0]?.idle();

    expect(failure).toEqual(['XMPP_STARTTLS_MISSING', 'server offers no STARTTLS: nothing is sent in clear']);
    expect(received).toMatch(/^<\?xml[^>]*><stream:stream [^>]* to="partner\.example">$/);
  });

  test.each([
    [
      "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
      'XMPP_STARTTLS_REFUSED',
      'server offered STARTTLS and answered it with failure, expected proceed',
    ],
    [`${proceed}<message/>`, 'XMPP_STARTTLS_INJECTION', 'server sent more in clear after it had agreed to TLS'],
    [`${proceed}<mess`, 'XMPP_STARTTLS_INJECTION', 'server sent more in clear after it had agreed to TLS'],
  ])('the answer %s to STARTTLS is a fault of its own', async (answer, code, error) => {
    const client = await serveInClear(async (peer) => {
      await peer.opens(starttls);
      await peer.reads(/<starttls [^>]*\/>/);
      peer.writes(answer);
      await silence();
    });

    expect(await failureOf(client)).toEqual([code, error]);
  });

  test('a server that does not answer STARTTLS is named', async () => {
    const client = await serveInClear(async (peer) => {
      await peer.opens(starttls);
      await silence();
    });

    expect(await failureOf(client, 300)).toEqual([
      'XMPP_STARTTLS_TIMEOUT',
      'server sent no answer to STARTTLS within 300 ms',
    ]);
  });

  test('a certificate for another domain ends it before the user is named, by STARTTLS as at once', async () => {
    const others = await lab.options({ names: ['other.example'] });
    const direct = await openXmppServer(others, silence);
    servers.push(direct);
    const client = await serveInClear(async (peer) => {
      await peer.opens(starttls);
      await peer.reads(/<starttls [^>]*\/>/);
      peer.writes(proceed);
      peer.secured(others);
    });
    const error = 'certificate of partner.example refused: it names DNS:other.example';

    expect(await failureOf(client)).toEqual(['TLS_NAME_MISMATCH', error]);
    expect(await failureOf(clientOf(direct, true))).toEqual(['TLS_NAME_MISMATCH', error]);
  });
});

describe('opening a stream', () => {
  const awaitingHeader = 'while stream header was awaited';
  const awaitingFeatures = 'while stream features was awaited';

  test.each<[string, string | Uint8Array, string, string]>([
    [
      'an HTTP answer',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'XMPP_NOT_SPOKEN',
      `server sent something that is not XML ${awaitingHeader}`,
    ],
    ['a page', '<html></html>', 'XMPP_NOT_SPOKEN', `server sent XML that is no XMPP stream ${awaitingHeader}`],
    [
      'a stream without a version',
      streamHeader.replace(" version='1.0'>", '>'),
      'XMPP_STREAM_VERSION',
      'server opened a stream without a version, expected 1.0',
    ],
    [
      'entity declarations',
      "<!DOCTYPE x [<!ENTITY a 'b'>]>",
      'XMPP_XML_ENTITIES',
      `server sent a document type, which may declare entities ${awaitingHeader}`,
    ],
    [
      'an entity that was declared by nobody',
      `${streamHeader}<stream:features>&boom;`,
      'XMPP_XML_MALFORMED',
      `server sent XML that is not well-formed ${awaitingFeatures}`,
    ],
    [
      'a comment',
      `${streamHeader}<!-- proxy -->`,
      'XMPP_XML_RESTRICTED',
      `server sent a comment or a processing instruction ${awaitingFeatures}`,
    ],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(`${streamHeader}<stream:features><a>`), Uint8Array.of(0xe4, 0x3c)]),
      'XMPP_XML_ENCODING',
      `server sent text that is not UTF-8 ${awaitingHeader}`,
    ],
    [
      'deep nesting',
      streamHeader + '<a>'.repeat(100),
      'XMPP_XML_TOO_DEEP',
      `server sent elements nested more than 64 deep ${awaitingFeatures}`,
    ],
  ])('meets %s with a diagnosis of its own', async (_, bytes, code, error) => {
    const client = await serve(async (peer) => {
      await peer.reads(/<stream:stream [^>]*>/);
      peer.writes(bytes);
      await silence();
    });

    expect(await failureOf(client)).toEqual([code, error]);
  });

  test('refuses a stanza of 50 MB without taking it in', async () => {
    const client = await serve(async (peer) => {
      await peer.reads(/<stream:stream [^>]*>/);
      peer.writes(streamHeader, '<stream:features>');
      const part = 'a'.repeat(1_000_000);
      for (let sent = 0; sent < 50; sent += 1) peer.writes(part);
      await silence();
    });

    expect(await failureOf(client)).toEqual([
      'XMPP_XML_TOO_LARGE',
      `server sent an element of more than 262144 characters ${awaitingFeatures}`,
    ]);
  });

  test('reads features whose characters are cut by packets', async () => {
    const features = Buffer.from(
      `${streamHeader}<stream:features><x xmlns='urn:x'>‰😀</x>${mechanisms('X-ONLY')}</stream:features>`,
    );
    const client = await serve(async (peer) => {
      await peer.reads(/<stream:stream [^>]*>/);
      for (const byte of features) {
        peer.writes(Uint8Array.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await silence();
    });

    expect(await failureOf(client)).toEqual([
      'XMPP_SASL_MECHANISM_UNSUPPORTED',
      'server offers the SASL mechanisms X-ONLY; expected one of SCRAM-SHA-256, SCRAM-SHA-1, PLAIN',
    ]);
  });

  test.each<[string, string, string, string]>([
    ['no answer at all', '', 'XMPP_HEADER_TIMEOUT', 'server sent no stream header within 300 ms'],
    ['silence after the header', streamHeader, 'XMPP_FEATURES_TIMEOUT', 'server sent no stream features within 300 ms'],
    [
      'features that never end',
      `${streamHeader}<stream:features><a/><b/>`,
      'XMPP_ELEMENT_INCOMPLETE',
      'server sent 25 characters of an element while stream features was awaited and did not complete it within 300 ms',
    ],
  ])('gives up on %s when its time is over', async (_, bytes, code, error) => {
    const client = await serve(async (peer) => {
      peer.writes(bytes);
      await silence();
    });

    expect(await failureOf(client, 300)).toEqual([code, error]);
  });

  test('tells a connection that was closed from a stream that was', async () => {
    const dropped = await serve(async (peer) => {
      await peer.reads(/<stream:stream [^>]*>/);
      peer.writes(`${streamHeader}<stream:fe`);
      peer.socket.end();
    });
    const closed = await serve(async (peer) => {
      await peer.reads(/<stream:stream [^>]*>/);
      peer.writes(`${streamHeader}</stream:stream>`);
    });

    expect(await failureOf(dropped)).toEqual([
      'XMPP_CONNECTION_LOST',
      `server closed the connection ${awaitingFeatures}, after 10 characters of an element`,
    ]);
    expect(await failureOf(closed)).toEqual([
      'XMPP_STREAM_CLOSED',
      `server closed the stream ${awaitingFeatures}, without an error`,
    ]);
  });

  test.each([
    ['bad-format', 'FORMAT'],
    ['bad-namespace-prefix', 'FORMAT'],
    ['conflict', 'CONFLICT'],
    ['connection-timeout', 'IDLE'],
    ['host-gone', 'HOST_GONE'],
    ['host-unknown', 'HOST_UNKNOWN'],
    ['improper-addressing', 'ADDRESSING'],
    ['internal-server-error', 'SERVER_ERROR'],
    ['invalid-from', 'ADDRESSING'],
    ['invalid-namespace', 'FORMAT'],
    ['invalid-xml', 'FORMAT'],
    ['not-authorized', 'NOT_AUTHORIZED'],
    ['not-well-formed', 'FORMAT'],
    ['policy-violation', 'POLICY'],
    ['remote-connection-failed', 'BACKEND_FAILED'],
    ['reset', 'RESET'],
    ['resource-constraint', 'OVERLOADED'],
    ['restricted-xml', 'FORMAT'],
    ['see-other-host', 'OTHER_HOST'],
    ['system-shutdown', 'SHUTDOWN'],
    ['undefined-condition', 'UNDEFINED'],
    ['unsupported-encoding', 'FORMAT'],
    ['unsupported-feature', 'UNSUPPORTED'],
    ['unsupported-stanza-type', 'UNSUPPORTED'],
    ['unsupported-version', 'UNSUPPORTED'],
    ['something-new', 'UNDEFINED'],
  ])('names the stream error %s', async (condition, code) => {
    const client = await serve(async (peer) => {
      await peer.reads(/<stream:stream [^>]*>/);
      const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
      peer.writes(
        `${streamHeader}<stream:error><${condition} ${ns}/><text ${ns}>why</text></stream:error></stream:stream>`,
      );
    });

    const found = await diagnosisOf(signIn(client));

    expect(found).toMatchObject({
      code: `XMPP_STREAM_${code}`,
      error: `${client.peer} ended the stream with ${condition} ${awaitingFeatures}`,
      serverDiagnosis: 'why',
    });
  });

  test('takes a stream error without a condition for an undefined one', async () => {
    const client = await serve(async (peer) => {
      peer.writes(`${streamHeader}<stream:error/>`);
    });

    expect((await failureOf(client))[0]).toBe('XMPP_STREAM_UNDEFINED');
  });
});

describe('SASL', () => {
  /** A client whose server offers SCRAM-SHA-256 and plays it as told. */
  const serveScram = (play: Partial<ScramPlay>) =>
    serve(async (peer) => {
      await peer.opens(mechanisms('PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256'));
      await playScram(peer, { password, ...play });
      await peer.opens(bindFeature);
    });

  test('prefers SCRAM-SHA-256, then SCRAM-SHA-1, and shows the password only where nothing else is offered', async () => {
    const seen: string[] = [];
    const offering = (...names: string[]) =>
      serve(async (peer) => {
        await peer.opens(mechanisms(...names));
        const [, mechanism = '', data = ''] = await peer.reads(/<auth [^>]*mechanism="([^"]+)">([^<]*)</);
        seen.push(mechanism, Buffer.from(data, 'base64').toString().replace(/,r=.*/, ''));
        peer.writes(saslElement('failure', '<aborted/>'));
      });

    await failureOf(await offering('PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'));
    await failureOf(await offering('PLAIN', 'SCRAM-SHA-1'));
    await failureOf(await offering('DIGEST-MD5', 'PLAIN'));

    expect(seen).toEqual(['SCRAM-SHA-256', 'n,,n=ade', 'SCRAM-SHA-1', 'n,,n=ade', 'PLAIN', `\0ade\0${password}`]);
  });

  test('takes the signature with the success, and in a challenge before it', async () => {
    for (const signatureFirst of [false, true]) {
      const client = await serve(async (peer) => {
        await peer.opens(mechanisms('SCRAM-SHA-1'));
        await playScram(peer, { password, hash: 'sha1', signatureFirst });
        await peer.opens('');
        await silence();
      });

      expect(await failureOf(client)).toEqual([
        'XMPP_BIND_NOT_OFFERED',
        'server offers no resource binding after sign-in',
      ]);
    }
  });

  test.each<[string, Partial<ScramPlay>, string, string]>([
    [
      'a wrong signature',
      { signature: () => `v=${base64('wrong'.repeat(7))}` },
      'XMPP_SASL_SERVER_UNPROVEN',
      'server sent a wrong signature: it did not prove with SCRAM-SHA-256 that it knows the account',
    ],
    [
      'no signature',
      { signature: () => '' },
      'XMPP_SASL_SERVER_UNPROVEN',
      'server sent no signature: it did not prove with SCRAM-SHA-256 that it knows the account',
    ],
    [
      'a signature made with another password',
      { password: 'other' },
      'XMPP_SASL_SERVER_UNPROVEN',
      'server sent a wrong signature: it did not prove with SCRAM-SHA-256 that it knows the account',
    ],
    [
      'a nonce that is not ours',
      { nonce: () => 'theirs' },
      'XMPP_SASL_CHALLENGE_MALFORMED',
      'server sent a nonce that does not begin with ours in SCRAM-SHA-256',
    ],
    [
      'a nonce without a part of its own',
      { nonce: (own) => own },
      'XMPP_SASL_CHALLENGE_MALFORMED',
      'server sent a nonce that does not begin with ours in SCRAM-SHA-256',
    ],
    [
      'ten million iterations',
      { iterations: 10_000_000 },
      'XMPP_SASL_ITERATIONS_EXCESSIVE',
      'server asks for more than 1000000 iterations in SCRAM-SHA-256',
    ],
    [
      'no number of iterations',
      { iterations: '-1' },
      'XMPP_SASL_CHALLENGE_MALFORMED',
      'server sent a challenge without nonce, salt and iterations in SCRAM-SHA-256',
    ],
  ])('refuses %s', async (_, play, code, error) => {
    expect(await failureOf(await serveScram(play))).toEqual([code, error]);
  });

  test('warns of few iterations and goes on', async () => {
    const scope = new FakeScope();
    const client = await serve(async (peer) => {
      await peer.opens(mechanisms('SCRAM-SHA-256'));
      await playScram(peer, { password, iterations: 100 });
      peer.writes(streamHeader, '</stream:stream>');
    });

    expect((await diagnosisOf(signIn(client, scope))).code).toBe('XMPP_STREAM_CLOSED');
    expect(scope.warnings).toEqual([
      {
        code: 'XMPP_SASL_ITERATIONS_FEW',
        message: `${client.peer} asks for 100 iterations in SCRAM-SHA-256, expected at least 4096`,
      },
    ]);
  });

  test('does not believe a success without a challenge', async () => {
    const client = await serve(async (peer) => {
      await peer.opens(mechanisms('SCRAM-SHA-256'));
      await peer.reads(/<auth /);
      peer.writes(saslElement('success'));
      await silence();
    });

    expect(await failureOf(client)).toEqual([
      'XMPP_SASL_SERVER_UNPROVEN',
      'server signed in without a challenge: it did not prove with SCRAM-SHA-256 that it knows the account',
    ]);
  });

  test.each([
    ['<not-authorized/>', 'AUTH_CREDENTIALS_REJECTED', 'not-authorized'],
    ['<account-disabled/>', 'XMPP_SASL_ACCOUNT_DISABLED', 'account-disabled'],
    ['<credentials-expired/>', 'XMPP_SASL_CREDENTIALS_EXPIRED', 'credentials-expired'],
    ['<encryption-required/>', 'XMPP_SASL_ENCRYPTION_REQUIRED', 'encryption-required'],
    ['<invalid-authzid/>', 'XMPP_SASL_IDENTITY_REFUSED', 'invalid-authzid'],
    ['<invalid-mechanism/>', 'XMPP_SASL_MECHANISM_INVALID', 'invalid-mechanism'],
    ['<mechanism-too-weak/>', 'XMPP_SASL_MECHANISM_WEAK', 'mechanism-too-weak'],
    ['<temporary-auth-failure/>', 'XMPP_SASL_TEMPORARY_FAILURE', 'temporary-auth-failure'],
    ['<malformed-request/>', 'XMPP_SASL_EXCHANGE_REFUSED', 'malformed-request'],
    ['', 'XMPP_SASL_EXCHANGE_REFUSED', 'no condition'],
  ])('names the failure %s', async (content, code, condition) => {
    const client = await serve(async (peer) => {
      await peer.opens(mechanisms('PLAIN'));
      await peer.reads(/<auth /);
      peer.writes(saslElement('failure', content));
    });

    expect(await failureOf(client)).toEqual([
      code,
      `server refused to sign in ade@partner.example with PLAIN: ${condition}`,
    ]);
  });

  test.each([
    ['', 'XMPP_SASL_NOT_OFFERED', 'server offers no way to sign in'],
    [
      mechanisms(),
      'XMPP_SASL_MECHANISM_UNSUPPORTED',
      'server offers the SASL mechanisms none; expected one of SCRAM-SHA-256, SCRAM-SHA-1, PLAIN',
    ],
    [
      mechanisms('EXTERNAL', 'DIGEST-MD5'),
      'XMPP_SASL_MECHANISM_UNSUPPORTED',
      'server offers the SASL mechanisms EXTERNAL, DIGEST-MD5; expected one of SCRAM-SHA-256, SCRAM-SHA-1, PLAIN',
    ],
  ])('cannot sign in with the features %s', async (features, code, error) => {
    const client = await serve(async (peer) => {
      await peer.opens(features);
      await silence();
    });

    expect(await failureOf(client)).toEqual([code, error]);
  });

  test('gives up on a server that says nothing more, and on one that says nonsense', async () => {
    const silent = await serve(async (peer) => {
      await peer.opens(mechanisms('PLAIN'));
      await silence();
    });
    const nonsense = await serve(async (peer) => {
      await peer.opens(mechanisms('PLAIN'));
      peer.writes(saslElement('challenge', '%%%'));
      await silence();
    });

    expect(await failureOf(silent, 300)).toEqual(['XMPP_SASL_TIMEOUT', 'server sent no answer to PLAIN within 300 ms']);
    expect(await failureOf(nonsense)).toEqual([
      'XMPP_SASL_CHALLENGE_MALFORMED',
      'server sent data that is not base64 in PLAIN',
    ]);
  });
});

describe('resource binding', () => {
  test('opens a session too where an older server wants one (RFC 3921 section 3)', async () => {
    const client = await serve(async (peer) => {
      await peer.opens(mechanisms('PLAIN'));
      await peer.reads(/<auth /);
      peer.writes(saslElement('success'));
      await peer.opens(`${bindFeature}<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>`);
      const [, id = ''] = await peer.reads(/<iq type="set" id="(\w+)"><bind/);
      peer.writes(
        `<iq type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>ade@partner.example/r</jid></bind></iq>`,
      );
      const [, second = ''] = await peer.reads(/<iq type="set" id="(\w+)"><session/);
      peer.writes(`<iq type='result' id='${second}'/>`);
    });

    await signIn(client);

    expect(client.jid).toBe('ade@partner.example/r');
  });

  const serveBind = (answer: (id: string) => string) =>
    serve(async (peer) => {
      await peer.opens(mechanisms('PLAIN'));
      await peer.reads(/<auth /);
      peer.writes(saslElement('success'));
      await peer.opens(bindFeature);
      const [, id = ''] = await peer.reads(/<iq type="set" id="(\w+)">/);
      peer.writes(answer(id));
      await silence();
    });
  const refused = (condition: string) => (id: string) =>
    `<iq type='error' id='${id}'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;

  test.each<[string, (id: string) => string, string, string]>([
    ['conflict', refused('conflict'), 'XMPP_BIND_CONFLICT', 'server refused resource binding: conflict'],
    [
      'too many resources',
      refused('resource-constraint'),
      'XMPP_BIND_LIMIT',
      'server refused resource binding: resource-constraint',
    ],
    ['a prohibition', refused('not-allowed'), 'XMPP_BIND_REFUSED', 'server refused resource binding: not-allowed'],
    [
      'an error without an error',
      (id) => `<iq type='error' id='${id}'/>`,
      'XMPP_BIND_REFUSED',
      'server refused resource binding: undefined-condition',
    ],
    [
      'no address',
      (id) => `<iq type='result' id='${id}'/>`,
      'XMPP_BIND_MALFORMED',
      'server bound a resource and did not tell its full address',
    ],
    [
      'a bare address',
      (id) => `<iq type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@b</jid></bind></iq>`,
      'XMPP_BIND_MALFORMED',
      'server bound a resource and did not tell its full address',
    ],
    ['nothing', () => '', 'XMPP_BIND_TIMEOUT', 'server sent no answer to resource binding within 600 ms'],
    [
      'the answer to another request',
      () => `<iq type='result' id='other'/>`,
      'XMPP_BIND_TIMEOUT',
      'server sent no answer to resource binding within 600 ms',
    ],
  ])('meets %s with a diagnosis', async (_, answer, code, error) => {
    expect(await failureOf(await serveBind(answer), 600)).toEqual([code, error]);
  });
});
