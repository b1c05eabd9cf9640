import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { outputFiles } from '../../edge-simulator/program/files.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import type { OpenServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, type TlsLab } from '../../fixtures/tlsLab.js';
import {
  mechanisms,
  openClearXmppServer,
  openXmppServer,
  playScram,
  proceed,
  signsIn,
  starttls,
  streamHeader,
  type XmppPeer,
  type XmppScript,
} from '../../fixtures/xmppServer.js';
import { type TracedRun, tracedRun } from './tracedRun.js';

expectNoStrayErrors();
const password = 'pencil';
let lab: TlsLab;
let options: TlsOptions;
let strange: TlsOptions;
let simulator: EdgeSimulator;

beforeAll(async () => {
  lab = await openTlsLab();
  options = await lab.options({ names: ['partner.test'] });
  strange = await lab.options({ names: ['other.example'] });
  simulator = await startEdgeSimulator({ dialect: 'rfc' });
});

afterAll(() => simulator.close());

/** Runs xmpp-im at the simulated Edge, with a receiver whose server is `server`; afterwards nobody is signed in and nothing open. */
async function run(server: OpenServer, scheme: 'xmpp' | 'xmpps'): Promise<TracedRun> {
  const files = new Map(outputFiles(simulator).map(({ name, text }) => [name, text]));
  const { tls, ...config } = JSON.parse(files.get('probes.json') ?? '');
  const [edge] = config.edges;
  edge.transactions = { 'xmpp-im': edge.transactions['xmpp-im'] };
  edge.transactions['xmpp-im'].receiver.service = `${scheme}://127.0.0.1:${server.port}`;
  const secrets = { PILAR_PASSWORD: simulator.users.pilar.password.reveal(), ADELANEY_PASSWORD: password };
  const ca = `${files.get(tls.caFile) ?? ''}\n${lab.authority.ca}`;
  try {
    const traced = await tracedRun('xmpp-im', config, { ca, secrets, timeoutMs: 2_500 });
    await server.idle();
    await vi.waitFor(() => {
      expect(simulator.state()).toMatchObject({ bindings: [], connections: { open: 0 } });
    });
    return traced;
  } finally {
    await server.close();
  }
}

const silence = () => new Promise<void>(() => {});

/** Signs the receiver in, and then does something else than to hand it the message. */
const signedIn =
  (act: (peer: XmppPeer) => void): XmppScript =>
  async (peer) => {
    await signsIn(peer, password);
    const [, ping = ''] = await peer.reads(/<iq type="get" id="(\w+)"[^>]*><ping [^>]*\/><\/iq>/);
    peer.writes(`<iq type='result' id='${ping}'/>`);
    act(peer);
    await silence();
  };
const streamError = (condition: string) =>
  `<stream:error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`;

describe('xmpp-im with a receiver whose server', () => {
  test.each<[string, XmppScript, string]>([
    ['is silent after its stream header', async (peer) => void peer.writes(streamHeader), 'XMPP_FEATURES_TIMEOUT'],
    [
      'never ends its features',
      async (peer) => void peer.writes(streamHeader, `<stream:features>${starttls}`),
      'XMPP_ELEMENT_INCOMPLETE',
    ],
    ['does not offer STARTTLS', (peer) => peer.opens(mechanisms('PLAIN')), 'XMPP_STARTTLS_MISSING'],
    [
      'offers STARTTLS and refuses it',
      async (peer) => {
        await peer.opens(starttls);
        await peer.reads(/<starttls/);
        peer.writes(proceed.replace('proceed', 'failure'));
      },
      'XMPP_STARTTLS_REFUSED',
    ],
    [
      'shows a certificate for another domain',
      async (peer) => {
        await peer.opens(starttls);
        await peer.reads(/<starttls/);
        peer.writes(proceed);
        peer.secured(strange);
      },
      'TLS_NAME_MISMATCH',
    ],
  ])('%s fails before anybody is named to it', async (_, script, code) => {
    let heard = '';
    const server = await openClearXmppServer(async (peer) => {
      peer.socket.on('close', () => {
        heard = peer.received;
      });
      await script(peer);
      await silence();
    });

    const { result } = await run(server, 'xmpp');

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { step: 'tls-receiver', code } });
    expect(heard).not.toContain('adelaney');
  });

  test.each<[string, XmppScript, string]>([
    [
      'signs with another password',
      async (peer) => {
        await peer.opens(mechanisms('SCRAM-SHA-256'));
        await playScram(peer, { password: 'other' });
      },
      'XMPP_SASL_SERVER_UNPROVEN',
    ],
    [
      'asks for ten million iterations',
      async (peer) => {
        await peer.opens(mechanisms('SCRAM-SHA-256'));
        await playScram(peer, { password, iterations: 10_000_000 });
      },
      'XMPP_SASL_ITERATIONS_EXCESSIVE',
    ],
  ])('%s fails to sign in', async (_, script, code) => {
    const { result } = await run(await openXmppServer(options, script), 'xmpps');

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { step: 'sign-in-receiver', code } });
  });

  test.each<[string, (peer: XmppPeer) => void, string]>([
    [
      'sends a stanza of 50 MB',
      (peer) => {
        peer.writes('<message>');
        for (let mib = 0; mib < 50; mib += 1) peer.writes('x'.repeat(1_048_576));
      },
      'XMPP_XML_TOO_LARGE',
    ],
    ['nests without end', (peer) => peer.writes('<a>'.repeat(10_000)), 'XMPP_XML_TOO_DEEP'],
    ['declares entities', (peer) => peer.writes("<!DOCTYPE x [<!ENTITY a 'aaaa'>]>"), 'XMPP_XML_ENTITIES'],
    [
      'sends half of a character',
      (peer) => peer.writes('<message><body>', Buffer.from([0xc3, 0x28])),
      'XMPP_XML_ENCODING',
    ],
    ['sends half of a stanza', (peer) => peer.socket.end('<message><bo'), 'XMPP_CONNECTION_LOST'],
    ['closes the stream', (peer) => peer.writes('</stream:stream>'), 'XMPP_STREAM_CLOSED'],
    ['signs the receiver out', (peer) => peer.writes(streamError('conflict')), 'XMPP_STREAM_CONFLICT'],
    ['resets the connection', (peer) => peer.socket.destroy(), 'XMPP_CONNECTION_LOST'],
  ])('%s fails while the message is awaited, and the sender signs out', async (_, act, code) => {
    const { result } = await run(await openXmppServer(options, signedIn(act)), 'xmpps');

    expect(result).toMatchObject({ outcome: 'failure', diagnosis: { step: 'receive-message', code } });
    expect(result.steps.at(-1)).toMatchObject({ name: 'unregister-sender', outcome: 'passed' });
  });
});
