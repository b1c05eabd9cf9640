import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../shared/domain/clock.js';
import { connectTcp } from '../../../shared/protocols/net/connectTcp.js';
import { startTls } from '../../../shared/protocols/net/startTls.js';
import { secureContext } from '../../../shared/protocols/net/trust.js';
import {
  type ProbedTarget,
  probeTarget,
  type TargetProbing,
} from '../../../shared/protocols/xmpp/federation/probeTarget.js';
import { probeTargets } from '../../../shared/protocols/xmpp/federation/probeTargets.js';
import type { ResolvedTarget } from '../../../shared/protocols/xmpp/federation/resolveTargets.js';
import { FakeScope, scopeFor } from '../../fakes/fakeScope.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, type TlsLab } from '../../fixtures/tlsLab.js';
import {
  dialbackOffer,
  features,
  header,
  openScriptedServer,
  proceed,
  type Script,
  startTlsOffer,
  streamError,
} from './scriptedServer.js';

const domain = 'contoso.example';
type Server = Awaited<ReturnType<typeof openScriptedServer>>;
const servers: Server[] = [];
const traced: string[] = [];
let lab: TlsLab;
let good: Script;

expectNoStrayErrors();

beforeAll(async () => {
  lab = await openTlsLab();
  good = {
    onHeader: header() + features(startTlsOffer),
    onStartTls: proceed,
    tls: await lab.options({ names: [domain] }),
    onSecureHeader: header() + features(dialbackOffer),
  };
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  traced.length = 0;
});

async function serve(script: Script): Promise<Server> {
  const server = await openScriptedServer(script);
  servers.push(server);
  return server;
}

function probing(): TargetProbing {
  const policy = { ca: lab.authority.ca, minVersion: 'TLSv1.2' as const, warnDays: 21 };
  return {
    domain,
    clock: systemClock,
    trace: ({ direction, peer, text }) => void traced.push(`${direction} ${peer}: ${text}`),
    connectTcp: (target, scope) => connectTcp(target, systemClock, scope),
    startTls: (tcp, scope) => startTls(tcp, secureContext(policy), policy, systemClock, scope),
  };
}

function targetAt(port: number, priority = 0): ResolvedTarget {
  return { record: { target: 'edge1.contoso.example', port, priority, weight: 0 }, ipv4: ['127.0.0.1'], ipv6: [] };
}

/** What becomes of a target that follows the script, with `limitMs` for all of it; nothing may stay open. */
async function probe(script: Script, limitMs = 3_000, scope: FakeScope = scopeFor(limitMs)) {
  const server = await serve(script);
  const probed = await probeTarget(targetAt(server.port), probing(), scope);
  await server.idle();
  return { server, scope, probed, peer: `edge1.contoso.example at 127.0.0.1:${server.port}` };
}

const stagesOf = ({ stages }: ProbedTarget) => stages.map(({ name, outcome }) => `${name} ${outcome}`);

describe('a federating server', () => {
  test('is taken as far as authentication, and its streams are closed', async () => {
    const { probed, server, scope } = await probe(good);

    expect(probed.diagnosis).toBeUndefined();
    expect(probed.authentication).toEqual(['dialback']);
    expect(stagesOf(probed)).toEqual(
      ['connect', 'stream', 'starttls', 'tls', 'secure-stream', 'close'].map((name) => `${name} passed`),
    );
    expect(server.heard[0]).toContain("from='edge-probes.invalid' to='contoso.example'");
    expect(server.heard.at(-1)).toBe('</stream:stream>');
    expect(scope.observations).toMatchObject([
      {
        certificates: [
          { server: `edge1.contoso.example:${server.port}`, host: domain, names: ['DNS:contoso.example'] },
        ],
      },
    ]);
  });

  test('is traced element by element, in clear as over TLS', async () => {
    const { peer } = await probe(good);

    const streams = [header(), features(startTlsOffer), proceed, header(), features(dialbackOffer), '</stream:stream>'];
    expect(traced.filter((line) => line.startsWith('received'))).toEqual(
      streams.map((text) => `received ${peer}: ${text}`),
    );
    expect(traced.filter((line) => line.startsWith('sent')).map((line) => /<(?!\?)\/?[\w:]+/.exec(line)?.[0])).toEqual([
      '<stream:stream',
      '<starttls',
      '<stream:stream',
      '</stream:stream',
    ]);
  });

  test('that breaks off leaves the beginning of its element in the trace', async () => {
    const { peer } = await probe({ onHeader: (socket) => void socket.end(`${header()}<stream:feat`) });

    expect(traced.at(-1)).toBe(`received ${peer}: <stream:feat`);
  });

  test.each<[string, Script['onSecureHeader'], readonly string[]]>([
    ['in the stream header', header({ more: "xmlns:db='jabber:server:dialback'" }) + features(), ['dialback']],
    [
      'as a mechanism',
      header() +
        features("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"),
      ['EXTERNAL'],
    ],
  ])('may offer authentication %s', async (_, onSecureHeader, expected) => {
    const { probed } = await probe({ ...good, onSecureHeader });

    expect(probed.authentication).toEqual(expected);
  });

  test('that writes one byte a packet, and white space between, is understood', async () => {
    const drip =
      (text: string): Script['onHeader'] =>
      (socket) => {
        for (const letter of text) socket.write(letter);
      };
    const { probed } = await probe({
      ...good,
      onHeader: drip(`${header()}  \n ${features(startTlsOffer)}`),
      onSecureHeader: drip(header() + features(dialbackOffer)),
    });

    expect(probed.diagnosis).toBeUndefined();
  });

  test('that does not close its side is not waited for long, and is no failure', async () => {
    const { probed } = await probe({
      ...good,
      onSecureHeader: (socket) => {
        socket.removeAllListeners('data');
        socket.resume();
        socket.write(header() + features(dialbackOffer));
      },
    });

    expect(probed.diagnosis).toBeUndefined();
    expect(stagesOf(probed).at(-1)).toBe('close passed');
  });
});

const silent = 250;

describe('a bad server', () => {
  test.each<[string, Script, string, (peer: string) => string]>([
    ['says nothing', {}, 'XMPP_SERVER_SILENT', (peer) => `${peer} sent no stream header within ${silent} ms`],
    [
      'is silent after its header',
      { onHeader: header() },
      'XMPP_SERVER_FEATURES_MISSING',
      (peer) => `${peer} sent no stream features within ${silent} ms`,
    ],
    [
      'never ends its features',
      { onHeader: `${header()}<stream:features>${startTlsOffer}` },
      'XMPP_SERVER_FEATURES_MISSING',
      (peer) =>
        `${peer} sent no stream features within ${silent} ms; it began "<stream:features>${startTlsOffer}" and did not end it`,
    ],
    [
      'never ends its header',
      { onHeader: "<?xml version='1.0'?><stream:stream" },
      'XMPP_SERVER_STREAM_INVALID',
      (peer) =>
        `${peer} sent no stream header within ${silent} ms; it began "<?xml version='1.0'?><stream:stream" and did not end it`,
    ],
    [
      'offers STARTTLS and is silent when asked',
      { onHeader: header() + features(startTlsOffer) },
      'XMPP_SERVER_STARTTLS_SILENT',
      (peer) => `${peer} sent no answer to STARTTLS within ${silent} ms`,
    ],
    [
      'agrees to STARTTLS and never begins it',
      { onHeader: header() + features(startTlsOffer), onStartTls: proceed },
      'TLS_HANDSHAKE_TIMEOUT',
      (peer) => `no TLS handshake with ${peer} within ${silent} ms`,
    ],
  ])('that %s is named when its time is up', async (_, script, code, error) => {
    const { probed, peer } = await probe(script, silent);

    expect(probed.diagnosis).toMatchObject({ code, error: error(peer) });
  });

  test.each<[string, Script, string, (peer: string) => string]>([
    [
      'hangs up at once',
      { onConnect: (socket) => socket.end() },
      'XMPP_SERVER_CLOSED',
      (peer) => `${peer} closed the connection instead of sending its stream header`,
    ],
    [
      'ends its stream before the features',
      { onHeader: `${header()}</stream:stream>` },
      'XMPP_SERVER_CLOSED',
      (peer) => `${peer} closed the stream instead of sending its stream features`,
    ],
    [
      'serves clients',
      { onHeader: header({ namespace: 'jabber:client' }) + features(startTlsOffer) },
      'XMPP_SERVER_STREAM_INVALID',
      (peer) => `${peer} opened a stream of "jabber:client", expected "jabber:server"`,
    ],
    [
      'sends something else in the place of features',
      { onHeader: `${header()}<presence/>` },
      'XMPP_SERVER_STREAM_INVALID',
      (peer) => `${peer} sent <presence/> instead of its stream features`,
    ],
    [
      'does not offer STARTTLS',
      { onHeader: header() + features(dialbackOffer) },
      'XMPP_SERVER_STARTTLS_MISSING',
      (peer) => `${peer} does not offer STARTTLS`,
    ],
    [
      'offers STARTTLS and refuses it',
      {
        onHeader: header() + features(startTlsOffer),
        onStartTls: "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>",
      },
      'XMPP_SERVER_STARTTLS_REFUSED',
      (peer) => `${peer} offered STARTTLS and answered failure to it`,
    ],
    [
      'lets somebody speak between STARTTLS and the handshake',
      { onHeader: header() + features(startTlsOffer), onStartTls: `${proceed}<presence/>` },
      'XMPP_SERVER_STREAM_INVALID',
      (peer) => `${peer} sent more in clear after it had agreed to STARTTLS`,
    ],
  ])('that %s is named at once', async (_, script, code, error) => {
    const { probed, peer, server } = await probe(script);

    expect(probed.diagnosis).toMatchObject({ code, error: error(peer) });
    expect(server.heard.filter((said) => said.includes('starttls')).length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['host-unknown', 'XMPP_SERVER_HOST_UNKNOWN'],
    ['host-gone', 'XMPP_SERVER_HOST_GONE'],
    ['remote-connection-failed', 'XMPP_SERVER_REMOTE_FAILED'],
    ['policy-violation', 'XMPP_SERVER_POLICY_VIOLATION'],
    ['system-shutdown', 'XMPP_SERVER_SHUTDOWN'],
  ])('that ends the stream with %s is named by it, in clear as over TLS', async (condition, code) => {
    const inClear = await probe({ onHeader: header() + streamError(condition, 'not here') });
    const secured = await probe({ ...good, onSecureHeader: header() + streamError(condition) });

    expect(inClear.probed.diagnosis).toMatchObject({
      code,
      error: `${inClear.peer} ended the stream to contoso.example with the error ${condition}`,
      serverDiagnosis: 'not here',
    });
    expect(secured.probed.diagnosis).toMatchObject({ code });
    expect(stagesOf(secured.probed).at(-1)).toBe('secure-stream failed');
  });

  test.each([
    ['internal-server-error', 'XMPP_STREAM_SERVER_ERROR'],
    ['resource-constraint', 'XMPP_STREAM_OVERLOADED'],
    ['see-other-host', 'XMPP_STREAM_OTHER_HOST'],
    ['__proto__', 'XMPP_STREAM_UNDEFINED'],
  ])('that ends the stream with %s is named as any stream is', async (condition, code) => {
    const { probed } = await probe({ onHeader: header() + streamError(condition) });

    expect(probed.diagnosis).toMatchObject({ code });
  });

  test.each<[string, Script['onHeader'], string]>([
    ['an HTTP answer', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'XMPP_NOT_SPOKEN'],
    ['an entity declaration', '<!DOCTYPE x [<!ENTITY a "aaaa">]><x/>', 'XMPP_XML_ENTITIES'],
    ['deep nesting', `${header()}${'<a>'.repeat(100)}`, 'XMPP_XML_TOO_DEEP'],
    ['more than a stanza may be long', `${header()}<a>${'x'.repeat(400_000)}`, 'XMPP_XML_TOO_LARGE'],
    [
      'half a character and then none of it',
      (socket) => void socket.write(Buffer.concat([Buffer.from(`${header()}<a>`), Buffer.from([0xc3, 0x28])])),
      'XMPP_XML_ENCODING',
    ],
    ['a stream without a version', header().replace(" version='1.0'>", '>'), 'XMPP_STREAM_VERSION'],
  ])('that sends %s is refused', async (_, onHeader, code) => {
    const { probed } = await probe({ onHeader });

    expect(probed.diagnosis).toMatchObject({ code });
  });

  test('that offers no authentication after TLS is named', async () => {
    const { probed, peer } = await probe({ ...good, onSecureHeader: header() + features() });

    expect(probed.diagnosis).toMatchObject({
      code: 'XMPP_SERVER_AUTHENTICATION_MISSING',
      error: `${peer} offers neither SASL EXTERNAL nor dialback`,
    });
  });

  test('with a certificate for another domain is refused before a second stream', async () => {
    const { probed, server, scope } = await probe({ ...good, tls: await lab.options({ names: ['other.example'] }) });

    expect(probed.diagnosis).toMatchObject({ code: 'TLS_NAME_MISMATCH' });
    expect(server.heard.filter((said) => said.includes('<stream:stream'))).toHaveLength(1);
    expect(scope.observations).toMatchObject([{ certificates: [{ names: ['DNS:other.example'] }] }]);
  });

  test('that floods is not read any further than is needed', async () => {
    let written = 0;
    const { probed } = await probe({
      onHeader: (socket) => {
        socket.write(header() + features(dialbackOffer));
        const flood = () => {
          while (!socket.destroyed && socket.write('<presence/>'.repeat(5_000))) written += 55_000;
        };
        socket.on('drain', flood);
        flood();
      },
    });

    expect(probed.diagnosis).toMatchObject({ code: 'XMPP_SERVER_STARTTLS_MISSING' });
    expect(written).toBeLessThan(50_000_000);
  });
});

describe('several targets', () => {
  test('of which one is silent are probed beside it, and come back in their order', async () => {
    const mute = await serve({});
    const ready = await serve(good);
    const scope = scopeFor(600);

    const probed = await probeTargets([targetAt(mute.port), targetAt(ready.port, 10)], probing(), scope);
    await Promise.all([mute.idle(), ready.idle()]);

    expect(probed.map(({ diagnosis }) => diagnosis?.code)).toEqual(['XMPP_SERVER_SILENT', undefined]);
  });

  test('that are ten and all silent end together when time is up, with nothing left open', async () => {
    const mute = await serve({});
    const targets = Array.from({ length: 10 }, (_, index) => targetAt(mute.port, index));

    const probed = await probeTargets(targets, probing(), scopeFor(400));
    await mute.idle();

    expect(probed).toHaveLength(10);
    expect(probed.every(({ diagnosis }) => diagnosis !== undefined)).toBe(true);
    expect(mute.accepted).toBe(5);
  });

  test('of lesser priority are not booked as the edge’s time', async () => {
    const mute = await serve({});
    const ready = await serve(good);
    const scope = scopeFor(600);

    const probed = await probeTargets([targetAt(ready.port), targetAt(mute.port, 10)], probing(), scope);

    const waited = probed[1]?.stages.find(({ name }) => name === 'stream')?.ms ?? 0;
    expect(scope.excludedMs).toBeGreaterThan(0);
    expect(scope.excludedMs).toBeLessThanOrEqual(waited + 5);
  });

  test('that have no address, or are not reached because the run ends, say so', async () => {
    const mute = await serve({});
    const scope = new FakeScope();
    setTimeout(() => scope.abort(), 100).unref();

    const probed = await probeTarget(targetAt(mute.port), probing(), scope);
    await mute.idle();

    expect(probed.diagnosis).toMatchObject({ code: 'PROBER_RUN_ABORTED' });
  });
});
