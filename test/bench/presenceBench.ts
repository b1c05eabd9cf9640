import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../shared/domain/clock.js';
import { openProber } from '../../shared/prober.js';
import { SecurityAssociation } from '../../shared/protocols/lync/association.js';
import { authenticate } from '../../shared/protocols/lync/ntlm/authenticate.js';
import { readPresenceContent } from '../../shared/protocols/lync/presence/presenceContent.js';
import { readRoamingData } from '../../shared/protocols/lync/presence/roamingData.js';
import { connectTcp } from '../../shared/protocols/net/connectTcp.js';
import { startTls } from '../../shared/protocols/net/startTls.js';
import { secureContext } from '../../shared/protocols/net/trust.js';
import { headerValue, readMessage } from '../../shared/protocols/sip/rawMessage.js';
import { askChild, reply } from './children.js';
import { readConfiguration } from './configuration.js';
import { below, type Figure, spread } from './figure.js';
import { startSimulator } from './simulatorProcess.js';
import { type BenchWorld, withEndings } from './world.js';

const warmUpRuns = 30;
const runs = 100;
const childWithinMs = 120_000;
const goalMs = 60;

/** CPU in milliseconds. */
interface Costs {
  /** Of the first run of a process, and of the nine after it: code is loaded and compiled meanwhile. */
  readonly first: number;
  readonly early: readonly number[];
  readonly whole: readonly number[];
  readonly registration: readonly number[];
  readonly connections: readonly number[];
  readonly ntlm: readonly number[];
  readonly documents: readonly number[];
  readonly failures: number;
}

/** What one signed run of `presence` in dialect lync costs the prober, and where that goes. */
export function presenceBench({ root, folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const place = join(folder, 'simulator');
    const simulator = await startSimulator(root, place, { dialect: 'lync' });
    endings.push(() => simulator.end());
    const path = join(place, 'bench.json');
    const document = JSON.parse(readFileSync(join(place, 'probes.json'), 'utf8'));
    document.edges[0].transactions = { registration: {}, presence: {} };
    writeFileSync(path, JSON.stringify(document));
    const options = { input: { path }, env: simulator.secrets, limitMs: childWithinMs };
    const costs = await askChild<Costs>('child:presence', options);
    if (costs.failures > 0) throw new Error(`${costs.failures} runs were no success`);
    const part = (what: string, values: readonly number[]): Figure => ({
      what: `  ${what}`,
      measured: spread(values, 'ms'),
    });
    return [
      below('CPU of a signed presence run, dialect lync', costs.whole, goalMs, 'ms'),
      part('two TCP and TLS connections, certificates checked', costs.connections),
      part('NTLM: two sign-ins, a signature or a check for each message', costs.ntlm),
      part('reading presence documents', costs.documents),
      below('CPU of the second to tenth such run of a process', costs.early, goalMs, 'ms'),
      { what: 'CPU of the first such run of a process', measured: `${costs.first.toFixed(1)} ms` },
      { what: 'CPU of a signed registration run, dialect lync', measured: spread(costs.registration, 'ms') },
    ];
  });
}

/** In a fresh process: the product's own runner and protocols; the simulator is another process. */
export async function presenceChild({ path }: { readonly path: string }): Promise<void> {
  const { settings, plan } = readConfiguration(path);
  const messages: string[] = [];
  const prober = openProber(settings, { variables: process.env, trace: (text) => messages.push(text) });
  let failures = 0;
  const run = (name: string) => async () => {
    const planned = plan.find(({ transaction }) => transaction.name === name);
    if (planned === undefined) throw new Error(`${name} is not planned`);
    messages.length = 0;
    const { result } = await prober.run(planned, { trigger: 'cli', region: 'bench' });
    if (result.outcome !== 'success') failures += 1;
  };
  const [first = 0] = await costsOf(run('presence'), 0, 1);
  const early = await costsOf(run('presence'), 0, 9);
  const whole = await costsOf(run('presence'));
  const ofOneRun = [...messages];
  const registration = await costsOf(run('registration'));
  const { accessEdge } = plan[0]?.edge.edge ?? {};
  if (accessEdge === undefined) throw new Error('the simulator is not configured by its address');
  const policy = { ...settings.tls, warnDays: 0 };
  const context = secureContext(policy);
  const connections = await costsOf(async () => {
    const { host, port, address } = accessEdge;
    const candidates = [{ host, port, tlsName: host, addresses: [address ?? host] }];
    for (const _ of ['subscriber', 'publisher']) {
      const tcp = await connectTcp({ fqdn: host, transport: 'tls', candidates }, systemClock, scope);
      (await startTls(tcp, context, policy, systemClock, scope)).close();
    }
  });
  const ntlm = await costsOf(() => signAll(ofOneRun));
  const documents = await costsOf(() => readAll(ofOneRun));
  reply({ first, early, whole, registration, connections, ntlm, documents, failures } satisfies Costs);
}

/** The CPU time of each of several runs of `work`, after some that do not count. */
async function costsOf(work: () => Promise<void> | void, before = warmUpRuns, times = runs): Promise<number[]> {
  const costs: number[] = [];
  for (let count = 0; count < before + times; count += 1) {
    const begun = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(begun);
    if (count >= before) costs.push((user + system) / 1000);
  }
  return costs;
}

const scope = { signal: new AbortController().signal, exclude: () => {}, observe: () => {}, warn: () => {} };

/** Two sign-ins, and for each message of a run what its signature costs, be it made or checked. */
function signAll(messages: readonly string[]): void {
  const targetInfo = { bytes: Buffer.alloc(150), timestamp: undefined };
  const challenge = { flags: 0xe29882f3, serverChallenge: randomBytes(8), targetInfo };
  const associations = ['CONTOSO', 'CONTOSO'].map((domain) => {
    const { keys } = authenticate(challenge, {
      user: 'pilar',
      domain,
      password: 'correct horse battery staple',
      workstation: 'EDGE-PROBES',
      clientChallenge: randomBytes(8),
      exportedSessionKey: randomBytes(16),
      nowMs: systemClock.now(),
    });
    const names = { realm: 'SIP Communications Service', targetName: 'fe01.contoso.test' };
    return new SecurityAssociation({ names, version: 4, opaque: '5C3A91D0', keys }, () =>
      randomBytes(4).toString('hex'),
    );
  });
  for (const text of messages) associations[0]?.sign(readMessage(text.replaceAll('\n', '\r\n')));
}

function readAll(messages: readonly string[]): void {
  for (const text of messages.filter((one) => one.startsWith('<<<'))) {
    const message = readMessage(text.slice(text.indexOf('\n') + 1).replaceAll('\n', '\r\n'));
    const contentType = headerValue(message, 'content-type') ?? '';
    if (contentType.includes('roaming-self')) readRoamingData(message.body);
    else if (contentType !== '') readPresenceContent(contentType, message.body);
  }
}
