import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runCli } from '../../../shared/cli/runCli.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { recordedTerminal } from '../../fakes/recordedTerminal.js';

let simulator: EdgeSimulator;
let folder: string;
let config: string;
let secrets: Record<string, string>;

beforeAll(async () => {
  simulator = await startEdgeSimulator();
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-cli-'));
  config = join(folder, 'probes.json');
  secrets = { PILAR_PASSWORD: simulator.users.pilar.password.reveal() };
  writeFileSync(join(folder, 'ca.pem'), simulator.ca);
  writeFileSync(config, JSON.stringify(configuration()));
});

afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

function configuration() {
  const { host, port, address, domain } = simulator;
  return {
    tls: { caFile: 'ca.pem' },
    edges: [
      {
        name: 'demo',
        dialect: 'rfc',
        sipDomain: domain,
        accessEdge: { host, port, address },
        accounts: {
          first: { sipAddress: 'sip:pilar@contoso.test', userName: 'pilar', password: { env: 'PILAR_PASSWORD' } },
        },
        transactions: { registration: {}, 'sip-federation': {} },
      },
    ],
  };
}

async function cli(argv: readonly string[], variables: Record<string, string> = secrets, password?: string) {
  const terminal = recordedTerminal(password);
  const code = await runCli(argv, variables, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

async function runJson(): Promise<TransactionResult & { exitCode: number }> {
  const { code, stdout } = await cli(['run', 'registration', '--config', config, '--json']);
  const result: TransactionResult = JSON.parse(stdout);
  return { ...result, exitCode: code };
}

function refusedSignIns(): number {
  return JSON.parse(JSON.stringify(simulator.state())).signIns.pilar.refused;
}

describe('edge-probes run', () => {
  test('signs in and out, prints the five lines and leaves nobody signed in', async () => {
    const { code, stdout, stderr } = await cli(['run', 'registration', '--config', config]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Target Fqdn {3}: sip\.contoso\.test\nResult {8}: Success\nLatency {7}: 00:00:0\d\.\d{7}\n/,
    );
    expect(simulator.state().bindings).toEqual([]);
  });

  test('shows each step as it starts and ends with --verbose', async () => {
    const { stdout } = await cli(['run', 'registration', '--config', config, '--verbose']);

    const lines = stdout.replace(/'\d+\.\d{7}'/g, "'t'").split('\n');
    expect(lines.slice(0, 5)).toEqual([
      `Registration Request hit against sip.contoso.test:${simulator.port}`,
      "'resolve' step started.",
      "'resolve' step completed in 't' secs.",
      "'connect' step started.",
      "'connect' step completed in 't' secs.",
    ]);
    expect(lines).toContain("'Register' activity completed in 't' secs.");
  });

  test('prints one JSON document with every step timed, and nothing else', async () => {
    const result = await runJson();

    expect(result).toMatchObject({ schema: 1, outcome: 'success', trigger: 'cli', edge: 'demo', exitCode: 0 });
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve passed',
      'connect passed',
      'tls passed',
      'register passed',
      'unregister passed',
    ]);
    const needed = result.steps.slice(0, 4).reduce((sum, step) => sum + ('ms' in step ? step.ms : 0), 0);
    expect(result.latencyMs).toBeCloseTo(needed, 1);
  });

  test('works without a file, with the password asked for', async () => {
    const options = ['--sip-domain', 'contoso.test', '--sip-address', 'sip:pilar@contoso.test', '--dialect', 'rfc'];
    const target = ['--target-fqdn', `sip.contoso.test:${simulator.port}`, '--address', '127.0.0.1'];
    const trust = ['--ca-file', join(folder, 'ca.pem')];

    const { code, stdout } = await cli(
      ['run', 'registration', ...options, ...target, ...trust],
      {},
      secrets.PILAR_PASSWORD,
    );

    expect(stdout).toContain('Result        : Success');
    expect(code).toBe(0);
  });

  test('works without a file for two users, the password of one in the environment, of the other asked for', async () => {
    const options = ['--sip-domain', 'contoso.test', '--dialect', 'rfc', '--sip-address', 'sip:pilar@contoso.test'];
    const peer = ['--peer-sip-address', 'sip:kenmyer@contoso.test', '--peer-user-name', 'kenmyer'];
    const target = ['--target-fqdn', `sip.contoso.test:${simulator.port}`, '--address', '127.0.0.1'];
    const trust = ['--ca-file', join(folder, 'ca.pem')];

    const { code, stdout } = await cli(
      ['run', 'im', ...options, ...peer, ...target, ...trust],
      { EDGE_PROBES_PEER_PASSWORD: simulator.users.kenmyer.password.reveal() },
      secrets.PILAR_PASSWORD,
    );

    expect(stdout).toContain('Result        : Success');
    expect(code).toBe(0);
  });

  test('writes a trace that only its owner can read and that proves no password', async () => {
    const trace = join(folder, 'trace.txt');

    await cli(['run', 'registration', '--config', config, '--trace', trace]);

    const text = readFileSync(trace, 'utf8');
    expect(text).toMatch(/^>>> .* sip\.contoso\.test at 127\.0\.0\.1:\d+\nREGISTER sip:contoso\.test SIP\/2\.0\n/);
    expect(text).toContain('Authorization: Digest [redacted]');
    expect(text).not.toMatch(/response=|nonce=/);
    expect(statSync(trace).mode & 0o077).toBe(0);
  });

  test('tries a refused password once and shows it nowhere', async () => {
    const before = refusedSignIns();

    const { code, stdout, stderr } = await cli(['run', 'registration', '--config', config, '--json'], {
      PILAR_PASSWORD: 'canary-9f1c',
    });

    expect(code).toBe(1);
    expect(JSON.parse(stdout).diagnosis.code).toBe('AUTH_CREDENTIALS_REJECTED');
    expect(refusedSignIns()).toBe(before + 1);
    expect(stdout + stderr).not.toContain('canary');
  });

  test('is inconclusive without the secret, and names the variable', async () => {
    const { code, stdout } = await cli(['run', 'registration', '--config', config, '--json'], {});

    const result: TransactionResult = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'CONFIG_SECRET_MISSING' } });
    expect(result.diagnosis?.error).toBe(
      'password of sip:pilar@contoso.test: environment variable PILAR_PASSWORD is not set',
    );
    expect(new Set(result.steps.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
  });
});

describe('wrong usage', () => {
  test.each([
    [
      ['run'],
      'edge-probes: run: which transaction? expected one of: registration, presence, im, persistent-chat, av-edge, push-notification, sip-federation, xmpp-federation, xmpp-im\n',
    ],
    [
      ['run', 'presence'],
      'edge-probes: run: presence is not configured for edge "demo"; configured there: registration, sip-federation\n',
    ],
    [['run', 'registration', '--edge', 'other'], 'edge-probes: run: no edge "other"; expected one of: demo\n'],
    [['run', 'registration', '--json', '--verbose'], 'edge-probes: run: --json and --verbose exclude each other\n'],
    [
      ['run', 'registration', '--timeout', '1s'],
      'edge-probes: run: --timeout is "1s"; expected whole milliseconds from 100 to 600000\n',
    ],
  ])('%j is one message and exit code 2, with nothing on standard output', async (argv, message) => {
    expect(await cli([...argv, '--config', config])).toEqual({ code: 2, stdout: '', stderr: message });
  });

  test('names a file that is not there', async () => {
    const { code, stderr } = await cli(['run', 'registration', '--config', 'nowhere.json']);

    expect(code).toBe(2);
    expect(stderr).toBe(
      'edge-probes: nowhere.json: does not exist; expected a configuration file: EDGE_PROBES_CONFIG or --config names another\n',
    );
  });
});

describe('edge-probes list and check-config', () => {
  test('list names what runs when', async () => {
    const { stdout } = await cli(['list', '--config', config, '--json']);

    const listed = JSON.parse(stdout);
    expect(listed.runs).toMatchObject([
      { edge: 'demo', transaction: 'registration', function: 'demo-registration' },
      { edge: 'demo', transaction: 'sip-federation', function: 'demo-sip-federation' },
    ]);
    // The minute is the configured one, the second is the run's own.
    const [, second] = /^(\d+) \*\/5 \* \* \* \*$/.exec(listed.runs[0].schedule) ?? [];
    expect(Date.parse(listed.runs[0].nextRun) % 300_000).toBe(Number(second) * 1000);
  });

  test('check-config is content with a right file and tells what is missing here', async () => {
    const { code, stdout } = await cli(['check-config', '--config', config], {});

    expect(code).toBe(0);
    expect(stdout).toContain(`${config} is correct.\n`);
    expect(stdout).toContain('edges[0].accounts.first.password: environment variable PILAR_PASSWORD is not set');
  });

  test('check-config tells everything that is wrong at once', async () => {
    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, JSON.stringify({ qourum: 2, edges: [{ name: 'Demo', sipDomain: 'contoso.test' }] }));

    const { code, stdout } = await cli(['check-config', '--config', wrong, '--json']);

    expect(code).toBe(2);
    expect(JSON.parse(stdout).problems.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['qourum', 'edges[0].name', 'edges[0].transactions']),
    );
  });
});

describe('a fault of the edge', () => {
  // The peer hears of the end a moment later than we.
  afterEach(() => vi.waitFor(() => expect(simulator.state().connections.open).toBe(0)));

  test.each([
    ['refuse-connection', 'TCP_CONNECTION_REFUSED', 'connect'],
    ['close-after-connect', 'TLS_HANDSHAKE_CLOSED', 'tls'],
    ['plain-text', 'TLS_NOT_SPOKEN', 'tls'],
    ['certificate-expired', 'TLS_CERTIFICATE_EXPIRED', 'tls'],
    ['certificate-not-yet-valid', 'TLS_CERTIFICATE_NOT_YET_VALID', 'tls'],
    ['certificate-wrong-name', 'TLS_NAME_MISMATCH', 'tls'],
    ['certificate-untrusted', 'TLS_CERTIFICATE_UNTRUSTED', 'tls'],
    ['certificate-self-signed', 'TLS_CERTIFICATE_UNTRUSTED', 'tls'],
    ['client-certificate-required', 'TLS_CLIENT_CERTIFICATE_REQUIRED', 'register'],
    ['client-certificate-required-tls12', 'TLS_CLIENT_CERTIFICATE_REQUIRED', 'tls'],
    ['tls-1.1-only', 'TLS_VERSION_UNSUPPORTED', 'tls'],
    ['no-shared-cipher', 'TLS_HANDSHAKE_FAILED', 'tls'],
    ['stale-forever', 'AUTH_CHALLENGE_LOOP', 'register'],
    ['challenge-loop', 'AUTH_CREDENTIALS_REJECTED', 'register'],
    ['algorithm-unknown', 'AUTH_ALGORITHM_UNSUPPORTED', 'register'],
    ['scheme-ntlm-only', 'AUTH_SCHEME_UNSUPPORTED', 'register'],
    ['challenge-malformed', 'AUTH_CHALLENGE_MALFORMED', 'register'],
    ['server-proof-wrong', 'AUTH_SERVER_PROOF_WRONG', 'register'],
    ['redirect-302', 'SIP_REQUEST_REDIRECTED', 'register'],
    ['register-400', 'SIP_REQUEST_REJECTED', 'register'],
    ['register-403', 'SIP_REQUEST_FORBIDDEN', 'register'],
    ['register-404', 'SIP_USER_NOT_FOUND', 'register'],
    ['register-408', 'SIP_SERVER_TIMEOUT', 'register'],
    ['register-423', 'SIP_INTERVAL_TOO_BRIEF', 'register'],
    ['register-480', 'SIP_USER_UNAVAILABLE', 'register'],
    ['register-500', 'SIP_SERVER_ERROR', 'register'],
    ['register-503', 'SIP_SERVICE_UNAVAILABLE', 'register'],
    ['register-504', 'SIP_GATEWAY_TIMEOUT', 'register'],
    ['binding-missing', 'SIP_BINDING_MISSING', 'register'],
    ['binding-remains', 'SIP_BINDING_REMAINS', 'unregister'],
    ['close-mid-answer', 'SIP_CONNECTION_LOST', 'register'],
    ['close-after-request', 'SIP_CONNECTION_LOST', 'register'],
    ['reset-after-request', 'SIP_CONNECTION_LOST', 'register'],
    ['content-length-short', 'SIP_ANSWER_UNPARSABLE', 'register'],
    ['content-length-huge', 'SIP_MESSAGE_TOO_LARGE', 'register'],
    ['endless-header', 'SIP_MESSAGE_TOO_LARGE', 'register'],
    ['unparsable-answer', 'SIP_ANSWER_UNPARSABLE', 'register'],
    ['garbage', 'SIP_NOT_SPOKEN', 'register'],
    ['http-server', 'SIP_NOT_SPOKEN', 'register'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    await simulator.setFault(fault);
    const result = await runJson().finally(() => simulator.clearFault(fault));

    expect(result.diagnosis).toMatchObject({ code, step, fault: 'target' });
    expect(result).toMatchObject({ outcome: 'failure', exitCode: 1 });
  });

  test.each([
    ['no-challenge', ['AUTH_NOT_DEMANDED']],
    ['certificate-soon', ['TLS_CERTIFICATE_EXPIRES_SOON']],
    ['challenge-407', []],
    ['challenge-md5-only', []],
    ['challenge-sha256-only', []],
    ['stale-nonce', []],
    ['extra-requests', []],
    ['coalesced', []],
    ['ten-packets', []],
  ])('%s is no failure', async (fault, warnings) => {
    await simulator.setFault(fault);
    const result = await runJson().finally(() => simulator.clearFault(fault));

    expect(result.diagnosis).toBeUndefined();
    expect(result.warnings.map(({ code }) => code)).toEqual(warnings);
  });
});

/** Each waits for a deadline; they are far apart, so that all run at once, each against a simulator of its own. */
describe('an edge that keeps silent', () => {
  test.concurrent.each([
    ['silent-after-connect', 'TLS_HANDSHAKE_TIMEOUT', 'tls'],
    ['silent-after-tls', 'SIP_ANSWER_TIMEOUT', 'register'],
    ['silent-mid-answer', 'SIP_ANSWER_INCOMPLETE', 'register'],
    ['content-length-lies', 'SIP_ANSWER_INCOMPLETE', 'register'],
    ['late-answer', 'SIP_ANSWER_TIMEOUT', 'register'],
  ])('%s is %s in the step %s', async (fault, code, step) => {
    const own = await startEdgeSimulator({ faults: [fault] });
    const { host, port, address, domain, users } = own;
    const ca = join(folder, `${fault}.pem`);
    writeFileSync(ca, own.ca);
    const argv = ['run', 'registration', '--json', '--timeout', '1500', '--dialect', 'rfc', '--ca-file', ca];
    const edge = ['--sip-domain', domain, '--target-fqdn', `${host}:${port}`, '--address', address];
    const secret = { EDGE_PROBES_PASSWORD: users.pilar.password.reveal() };

    const { stdout } = await cli([...argv, ...edge, '--sip-address', 'sip:pilar@contoso.test'], secret);

    expect(JSON.parse(stdout).diagnosis).toMatchObject({ code, step, fault: 'target' });
    await own.close();
  });
});
