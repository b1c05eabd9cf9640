import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failoverCheckCommand } from '../../../shared/cli/failoverCheckCommand.js';
import type { FailoverCheck } from '../../../shared/cli/failoverCheckSteps.js';
import { runCli } from '../../../shared/cli/runCli.js';
import type { TransactionResult } from '../../../shared/domain/result.js';
import { ManualClock } from '../../fakes/manualClock.js';
import { recordedTerminal } from '../../fakes/recordedTerminal.js';
import { alias, type DnsReply, type DnsServer, ipv4, openDnsServer } from '../../fixtures/dnsServer.js';
import type { OpenServer } from '../../fixtures/openServer.js';
import { expectNoStrayErrors } from '../../fixtures/strayErrors.js';
import { openTlsLab, type TlsLab } from '../../fixtures/tlsLab.js';
import { dialbackOffer, features, header, openScriptedServer, proceed, startTlsOffer } from '../xmpp/scriptedServer.js';

const domain = 'contoso.example';
const service = `SRV _xmpp-server._tcp.${domain}`;
let lab: TlsLab;
let server: OpenServer;
let dns: DnsServer;
let folder: string;
/** What the zone answers, by question; what is not in it does not exist. */
let zone: Record<string, DnsReply>;

expectNoStrayErrors();

beforeAll(async () => {
  lab = await openTlsLab();
});

beforeEach(async () => {
  server = await openScriptedServer({
    onHeader: header() + features(startTlsOffer),
    onStartTls: proceed,
    tls: await lab.options({ names: [domain] }),
    onSecureHeader: header() + features(dialbackOffer),
  });
  zone = {
    [service]: { records: [record(1, 0)] },
    'A edge1.contoso.example': { records: [ipv4('127.0.0.1')] },
    'A edge2.contoso.example': { records: [ipv4('127.0.0.1')] },
    'A contoso.example': { records: [ipv4('127.0.0.9')] },
  };
  dns = await openDnsServer((question) => zone[question] ?? { rcode: 3 });
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-failover-'));
  writeFileSync(join(folder, 'ca.pem'), lab.authority.ca);
  writeConfig({ 'xmpp-federation': { port: server.port } });
});

afterEach(async () => {
  await server.close();
  await dns.close();
  rmSync(folder, { recursive: true });
});

function record(edge: number, priority: number) {
  return { type: 'SRV' as const, priority, weight: 0, port: server.port, target: `edge${edge}.${domain}` };
}

function writeConfig(transactions: Record<string, unknown>): void {
  const edge = { name: 'contoso', sipDomain: domain, transactions };
  const probes = { dns: { servers: [dns.address] }, tls: { caFile: 'ca.pem' }, edges: [edge] };
  writeFileSync(join(folder, 'probes.json'), JSON.stringify(probes));
}

async function cli(...argv: readonly string[]) {
  const terminal = recordedTerminal();
  const code = await runCli([...argv, '--config', join(folder, 'probes.json')], {}, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

async function run(): Promise<TransactionResult> {
  return JSON.parse((await cli('run', 'xmpp-federation', '--json')).stdout);
}

describe('xmpp-federation over real sockets', () => {
  test('goes from DNS to the closed stream without an account, and leaves nothing open', async () => {
    const result = await run();
    await server.idle();

    expect(result).toMatchObject({
      outcome: 'success',
      dialect: 'lync',
      targetFqdn: 'edge1.contoso.example',
      warnings: [],
    });
  });

  test('warns of a target that is a CNAME', async () => {
    const records = [alias('lb.contoso.example')];
    zone['CNAME edge1.contoso.example'] = { records };

    expect((await run()).warnings).toMatchObject([{ code: 'DNS_XMPP_TARGET_IS_ALIAS', step: 'resolve-targets' }]);
  });

  test.each<[string, DnsReply, string, string]>([
    [
      '"."',
      { records: [{ type: 'SRV', priority: 0, weight: 0, port: 0, target: '.' }] },
      'failure',
      'DNS_XMPP_NOT_OFFERED',
    ],
    ['NXDOMAIN', { rcode: 3 }, 'failure', 'DNS_XMPP_SRV_MISSING'],
    ['an empty answer', { records: [] }, 'failure', 'DNS_XMPP_SRV_EMPTY'],
    ['SERVFAIL', { rcode: 2 }, 'failure', 'DNS_SERVER_FAILURE'],
    ['a truncated answer and no TCP', { truncated: true }, 'inconclusive', 'DNS_XMPP_ANSWER_INCOMPLETE'],
  ])('tells %s in the place of the records by a code of its own', async (_, reply, outcome, code) => {
    zone[service] = reply;

    const result = await run();

    expect(result).toMatchObject({ outcome, diagnosis: { code } });
  });

  test('is inconclusive where the DNS server is gone', async () => {
    const { address } = dns;
    await dns.close();

    const result = await run();
    dns = await openDnsServer(() => 'silence');

    expect(address).not.toBe('');
    expect(result).toMatchObject({ outcome: 'inconclusive', diagnosis: { code: 'DNS_RESOLVER_UNREACHABLE' } });
  });
});

describe('edge-probes failover-check', () => {
  test('prints the seven steps and ends with the exit code of the run', async () => {
    zone[service] = { records: [record(1, 0), record(2, 10)] };

    const text = await cli('failover-check');
    const json = await cli('failover-check', '--json');
    await server.close();
    const down = await cli('failover-check', '--json');

    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain('\n[not done]       1. Another Edge pool is deployed: edge2.contoso.example\n');
    expect(text.stdout).toContain('edge2.contoso.example has the address of edge1.contoso.example');
    const check: FailoverCheck = JSON.parse(json.stdout);
    expect(check).toMatchObject({ schema: 1, edge: 'contoso', phase: 'before', outcome: 'success' });
    expect(check.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(down.code).toBe(1);
    expect(JSON.parse(down.stdout)).toMatchObject({ phase: 'during', diagnosis: { code: 'TCP_CONNECTION_REFUSED' } });
  });

  test('says in one line what is wrong with its usage', async () => {
    writeConfig({ 'sip-federation': {} });

    const missing = await cli('failover-check');
    const unknown = await cli('failover-check', '--edge', 'fabrikam');
    const extra = await cli('failover-check', 'now');

    expect(missing).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'edge-probes: failover-check: xmpp-federation is not configured for edge "contoso"; configured there: sip-federation\n',
    });
    expect(unknown.stderr).toBe('edge-probes: failover-check: no edge "fabrikam"; expected one of: contoso\n');
    expect(extra.code).toBe(2);
  });

  test('watches until it is interrupted: the whole list first, then what changes', async () => {
    const watch = startWatch({ watch: true });
    const first = await watch.printed();
    zone[service] = { records: [record(2, 0)] };
    const second = await watch.after(3_000);
    process.emit('SIGINT');

    expect(await watch.ended).toBe(0);
    expect(first).toContain('Active    : edge1.contoso.example:');
    expect(second.split('\n')[0]).toMatch(/^\d\d:\d\d:\d\dZ active: edge2\.contoso\.example:\d+$/);
    expect(watch.clock.pending).toBe(0);
  });

  test('watches with one document a line, or in one place of a screen', async () => {
    const lines = startWatch({ watch: true, json: true });
    await lines.printed();
    const second = await lines.after(3_000);
    process.emit('SIGINT');
    const drawn: string[] = [];
    const screen = startWatch({ watch: true }, (text) => drawn.push(text));
    while (drawn.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    process.emit('SIGINT');

    expect([await lines.ended, await screen.ended]).toEqual([0, 0]);
    expect(JSON.parse(second)).toMatchObject({ schema: 1, phase: 'before' });
    expect(second.match(/\n/g)).toHaveLength(1);
    expect(drawn[0]).toContain('7. Its services are started');
    expect(screen.terminal.stdout).toBe('');
  });
});

/** A watch whose pauses pass when the test says so. */
function startWatch(options: { readonly watch: true; readonly json?: true }, redraw?: (text: string) => void) {
  const clock = new ManualClock();
  const recorded = recordedTerminal();
  const terminal = Object.assign(recorded, redraw ? { redraw } : {});
  const ended = failoverCheckCommand({ ...options, config: join(folder, 'probes.json') }, {}, terminal, clock);
  const printed = async () => {
    while (terminal.stdout === '' || clock.pending === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const text = terminal.stdout;
    terminal.stdout = '';
    return text;
  };
  const after = async (ms: number) => {
    await clock.advance(ms);
    return printed();
  };
  return { clock, terminal, ended, printed, after };
}
