import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { runConfigured, type SimulatedEdge, type SimulatedRun } from '../../fixtures/simulatedRuns.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';

expectNoStrayErrors();

let simulator: EdgeSimulator;
const on: string[] = [];
beforeAll(async () => {
  simulator = await startEdgeSimulator({ dialect: 'lync' });
});
afterEach(async () => {
  for (const fault of on.splice(0)) await simulator.clearFault(fault);
});
afterAll(() => simulator.close());

async function probe(fault?: string, run: SimulatedRun = {}) {
  if (fault !== undefined) {
    await simulator.setFault(fault);
    on.push(fault);
  }
  return runConfigured(simulator, 'av-edge', run);
}

function outcomes({ steps }: TransactionResult): Record<string, string> {
  return Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));
}

/** What the relay says of itself: nobody must be left with an allocation. */
function relayState() {
  const { relay } = simulator.state() as unknown as { relay: { allocations: number; allocated: number } };
  return relay;
}

/** Ports differ from run to run. */
function plain(text: string | undefined): string | undefined {
  return text
    ?.replace(/127\.0\.0\.1:\d+/g, 'loopback')
    .replace(/\d+ ms/g, 'N ms')
    .replace(/10\.0\.0\.5:\d+/g, 'inside');
}

/** av-edge with other settings. */
function withSettings(more: object): NonNullable<SimulatedRun['change']> {
  return (edge) => ({ ...edge, transactions: { 'av-edge': { ...edge.transactions['av-edge'], ...more } } });
}

const mrasUri = 'sip:av.contoso.test@contoso.test;gruu;opaque=srvr:MRAS:Q29udG9zb0F2RWRnZQAA';
const access = 'sip.contoso.test at loopback';
const udp = 'av.contoso.test at loopback over UDP';
const tcp = 'av.contoso.test at loopback over TCP';

describe('the media relay of an A/V Edge', () => {
  test('is asked for in band, answers over UDP and TCP, relays every packet, and keeps no allocation', async () => {
    const { result } = await probe();

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
    expect(result.observations).toMatchObject({
      relayHost: 'av.contoso.test',
      realm: 'av.contoso.test',
      credentialMinutes: 480,
      remoteAddress: `127.0.0.1:${simulator.port}`,
      relayUdp: { echo: { sent: 20, returned: 20, lossPercent: 0 } },
      relayTcp: { echo: { sent: 20, returned: 20, lossPercent: 0 } },
    });
    expect(relayState()).toMatchObject({ allocations: 0 });
    expect(simulator.state().bindings).toEqual([]);
  });

  test('sends as many packets as the settings say', async () => {
    const { result } = await probe(undefined, { change: withSettings({ packets: 3 }) });

    expect(result.observations).toMatchObject({ relayUdp: { echo: { sent: 3, returned: 3 } } });
  });

  test('is used all the same where the answer with its credentials comes twice, which is an attack by its look', async () => {
    const { result } = await probe('mras-answered-twice');

    expect(result.diagnosis).toMatchObject({
      code: 'AUTH_MESSAGE_REPLAYED',
      error: expect.stringMatching(
        /^the answer 200 OK to SERVICE bears the number \d+, which came before or long ago$/,
      ),
    });
    expect(outcomes(result)).toMatchObject({ 'echo-udp': 'passed', 'echo-tcp': 'passed' });
  });

  test('gives a new nonce for a stale one, which is used', async () => {
    const { result } = await probe('relay-stale-nonce');

    expect(result).toMatchObject({ outcome: 'success', observations: { nonceRenewed: true } });
  });

  test('has a password that neither the trace nor the result shows', async () => {
    const failed = await probe('relay-refuses');
    const { result, trace } = await probe();

    expect(trace).toContain('<password>[redacted]</password>');
    const shown = [trace, failed.trace, JSON.stringify(result), JSON.stringify(failed.result)].join('\n');
    expect(trace + failed.trace).not.toMatch(/<password>(?!\[redacted\])/);
    // 20 bytes in base64, as relays of this kind have them.
    expect(shown).not.toMatch(/(?<![\w+/=])[\w+/]{27}=(?!=)/);
  });
});

describe('without a test account', () => {
  const anonymous = (edge: SimulatedEdge) => {
    const { udpPort, tcpPort } = simulator.relay ?? {};
    return { ...edge, accounts: {}, transactions: { 'av-edge': { udpPort, tcpPort } } };
  };

  test('it is only seen that the relay asks for credentials, over both transports, and a warning says so', async () => {
    const { result } = await probe(undefined, { change: anonymous });

    expect(result.outcome).toBe('success');
    expect(result.warnings.map(({ code, step, message }) => [code, step, plain(message)])).toEqual([
      [
        'TURN_CREDENTIALS_MISSING',
        'challenge-udp',
        `${udp} asks for credentials, and there are none: no allocation, no echo`,
      ],
      [
        'TURN_CREDENTIALS_MISSING',
        'challenge-tcp',
        `${tcp} asks for credentials, and there are none: no allocation, no echo`,
      ],
    ]);
    const passed = Object.entries(outcomes(result)).flatMap(([name, outcome]) => (outcome === 'passed' ? [name] : []));
    expect(passed).toEqual(['resolve-relay', 'challenge-udp', 'connect-tcp', 'hello-tcp', 'challenge-tcp']);
  });

  test('a relay that is not av.<sip-domain> is the Access Edge', async () => {
    const { result } = await probe(undefined, {
      change: (edge) => ({ ...anonymous(edge), sipDomain: 'partner.test' }),
    });

    expect(result).toMatchObject({ outcome: 'success', observations: { relayHost: 'sip.contoso.test' } });
  });
});

test('credentials of the settings are used in the place of those that could be asked for, and nobody signs in', async () => {
  const { udpPort, tcpPort } = simulator.relay ?? {};
  const asked = Number(simulator.state().relayCredentialsGranted);
  const change = withSettings({ userName: 'AAAA', password: { env: 'RELAY_PASSWORD' }, udpPort, tcpPort });
  const { result } = await probe(undefined, { change, variables: { RELAY_PASSWORD: 'AAAA' } });

  expect(result.diagnosis).toMatchObject({ code: 'TURN_CREDENTIALS_REJECTED', step: 'allocate-udp' });
  expect(outcomes(result)).toMatchObject({ register: 'skipped', 'get-credentials': 'skipped' });
  expect(simulator.state().relayCredentialsGranted).toBe(asked);
});

test('host and ports of the settings stand for those that users are told', async () => {
  const { udpPort, tcpPort } = simulator.relay ?? {};
  const { result } = await probe('mras-relay-nowhere', {
    change: withSettings({ host: '127.0.0.1', udpPort, tcpPort }),
  });

  expect(result).toMatchObject({ outcome: 'success', observations: { relayHost: '127.0.0.1' } });
});

describe('on the way to credentials', () => {
  const answered = `answer of ${access} to SERVICE to ${mrasUri}, expected 200`;

  test.each<[fault: string, code: string, error: string]>([
    ['mras-403', 'TURN_MRAS_FORBIDDEN', `403, Forbidden: ${answered}`],
    ['mras-404', 'TURN_MRAS_NOT_FOUND', `404, Not Found: ${answered}`],
    ['mras-480', 'TURN_MRAS_UNAVAILABLE', `480, Temporarily Unavailable: ${answered}`],
    ['mras-503', 'TURN_MRAS_BUSY', `503, Service Unavailable: ${answered}`],
    ['mras-504', 'TURN_MRAS_UNREACHABLE', `504, Server time-out: ${answered}`],
    ['mras-forbidden', 'TURN_MRAS_FORBIDDEN', `${mrasUri} refused to hand out credentials: "Forbidden", version 3.0`],
    [
      'mras-malformed',
      'TURN_MRAS_REQUEST_REFUSED',
      `${mrasUri} refused to hand out credentials: "Request Malformed", version 3.0`,
    ],
    ['mras-busy', 'TURN_MRAS_BUSY', `${mrasUri} refused to hand out credentials: "Server Busy", version 3.0`],
    [
      'mras-version',
      'TURN_MRAS_VERSION_MISMATCH',
      `${mrasUri} refused to hand out credentials: "Version Mismatch", version 3.0`,
    ],
    [
      'mras-failed',
      'TURN_MRAS_SERVER_ERROR',
      `${mrasUri} refused to hand out credentials: "Internal Server Error", version 3.0`,
    ],
    ['mras-document-type', 'TURN_MRAS_DOCUMENT_FORBIDDEN', `the answer of ${mrasUri} declares a document type`],
    ['mras-half', 'TURN_MRAS_DOCUMENT_UNREADABLE', `the answer of ${mrasUri} is not the XML that was expected`],
    ['mras-empty', 'TURN_MRAS_DOCUMENT_UNREADABLE', `the answer of ${mrasUri} is not the XML that was expected`],
    ['mras-large', 'TURN_MRAS_DOCUMENT_TOO_LARGE', `the answer of ${mrasUri} is larger than any is`],
    ['mras-other-request', 'TURN_MRAS_ANSWER_MISMATCH', `${mrasUri} answered another request than it was sent`],
    [
      'mras-no-credentials',
      'TURN_MRAS_CREDENTIALS_MISSING',
      `${mrasUri} answered OK without a user name and password in base64`,
    ],
    ['mras-expired', 'TURN_MRAS_CREDENTIALS_EXPIRED', `${mrasUri} handed out credentials for 0 minutes`],
    [
      'mras-no-relays',
      'TURN_MRAS_RELAYS_MISSING',
      `${mrasUri} handed out credentials, but named no media relay to use them at`,
    ],
    ['mras-close', 'SIP_CONNECTION_LOST', `${access} closed the connection before it answered SERVICE to ${mrasUri}`],
  ])('%s is %s', async (fault, code, error) => {
    const { result } = await probe(fault);

    expect(result.diagnosis).toMatchObject({ code, step: 'get-credentials', layer: code.split('_')[0]?.toLowerCase() });
    expect(plain(result.diagnosis?.error)).toBe(error);
    expect(outcomes(result)).toMatchObject({ 'resolve-relay': 'skipped' });
  });

  test('what ms-diagnostics of this service means is told first', async () => {
    const { result } = await probe('mras-480');

    expect(result.diagnosis?.causes[0]).toBe(
      'ms-diagnostics 9005: the A/V authentication service (MRAS) decided about the request. Its reason says why.',
    );
    expect(result.diagnosis?.serverDiagnosis).toBe(
      'ErrorCode=9005,Source=av.contoso.test,Reason=The service is not started',
    );
  });

  test('a service that users are not told of is seen before it is asked', async () => {
    const { result } = await probe('mras-not-told');

    expect(result.diagnosis).toMatchObject({
      code: 'TURN_MRAS_URI_MISSING',
      step: 'find-relay',
      error: expect.stringMatching(/^sip\.contoso\.test at .* told sip:pilar@contoso\.test no mrasUri$/),
    });
    expect(outcomes(result)).toMatchObject({ unregister: 'passed' });
  });

  test('silence ends with the run, and the user is signed out', async () => {
    const { result } = await probe('mras-silent', { deadlineMs: 2_000 });

    expect(result.diagnosis).toMatchObject({ code: 'SIP_ANSWER_TIMEOUT', step: 'get-credentials' });
    expect(outcomes(result)).toMatchObject({ unregister: 'passed' });
  });

  test('a relay that cannot be reached from outside is not gone to', async () => {
    const { result } = await probe('mras-relay-nowhere');

    expect(result.diagnosis).toMatchObject({
      code: 'TURN_MRAS_RELAY_UNUSABLE',
      step: 'resolve-relay',
      error: 'clients outside are sent to the media relay 0.0.0.0 at 0.0.0.0, which cannot be reached from there',
    });
  });
});

describe('of the relay', () => {
  test.each<[fault: string, code: string, step: string, error: string]>([
    [
      'relay-tcp-closed',
      'TURN_TCP_BLOCKED',
      'connect-tcp',
      'no TCP connection to loopback (connection refused), while the relay answers over UDP',
    ],
    ['relay-tcp-tls', 'TURN_TLS_ANSWERED', 'hello-tcp', `${tcp} answered the hello in TLS`],
    ['relay-refuses', 'TURN_CREDENTIALS_REJECTED', 'allocate-udp', `${udp} answered 436 to Allocate`],
    ['relay-expired', 'TURN_CREDENTIALS_EXPIRED', 'allocate-udp', `${udp} answered 430 to Allocate`],
    [
      'relay-no-echo',
      'TURN_ECHO_LOST',
      'echo-udp',
      `${udp} relayed none of 20 packets: none reached the other allocation`,
    ],
    [
      'relay-private-address',
      'TURN_RELAYED_ADDRESS_PRIVATE',
      'echo-udp',
      `${udp} gave the relayed address inside, which is private: peers outside cannot reach it; none of 20 packets came back`,
    ],
    [
      'relay-no-address',
      'TURN_RELAYED_ADDRESS_UNUSABLE',
      'allocate-udp',
      expect.stringMatching(/gave the relayed address 0\.0\.0\.0:\d+, which can be nobody's$/),
    ],
  ])('%s is %s', async (fault, code, step, error) => {
    const { result } = await probe(fault);

    expect(result.diagnosis).toMatchObject({ code, step });
    expect(plain(result.diagnosis?.error)).toEqual(error);
    expect(relayState().allocations).toBe(0);
  });

  test('silence over UDP is told from a relay that is gone by what TCP says', { timeout: 30_000 }, async () => {
    const { result } = await probe('relay-udp-silent');

    expect(result.diagnosis).toMatchObject({ code: 'TURN_UDP_BLOCKED', step: 'challenge-udp' });
    expect(plain(result.diagnosis?.error)).toBe(
      `${udp} did not answer Allocate, sent 4 times within N ms, while it answers over TCP`,
    );
    expect(outcomes(result)).toMatchObject({ 'echo-udp': 'skipped', 'echo-tcp': 'passed', 'release-tcp': 'passed' });
  });

  test('silence over both is a relay that is gone', { timeout: 30_000 }, async () => {
    const { result } = await probe('relay-silent', { deadlineMs: 9_500 });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_RELAY_SILENT', step: 'challenge-udp' });
    expect(outcomes(result)).toMatchObject({ 'connect-tcp': 'passed', 'hello-tcp': 'failed' });
  });

  test('silence over TCP alone leaves what UDP has shown', async () => {
    const { result } = await probe('relay-tcp-silent', { deadlineMs: 3_000 });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_REQUEST_TIMEOUT', step: 'hello-tcp' });
    expect(outcomes(result)).toMatchObject({ 'echo-udp': 'passed', unregister: 'passed' });
  });

  test('answers signed with another key are not believed', { timeout: 30_000 }, async () => {
    const { result } = await probe('relay-wrong-integrity', { deadlineMs: 3_000 });

    expect(result.diagnosis).toMatchObject({ code: 'TURN_INTEGRITY_WRONG', step: 'allocate-udp' });
  });
});
