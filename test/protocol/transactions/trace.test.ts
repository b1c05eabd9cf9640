import { basename } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSettings } from '../../../shared/config/checkSettings.js';
import { planOf } from '../../../shared/plan.js';
import { openProber, type ProbedRun } from '../../../shared/prober.js';
import { outputFiles } from '../../edge-simulator/program/files.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';

let simulator: EdgeSimulator;
beforeAll(async () => {
  simulator = await startEdgeSimulator();
});
afterAll(() => simulator.close());

/** Runs im in this process, as a timer does. */
async function run(): Promise<ProbedRun> {
  const files = new Map(outputFiles(simulator).map(({ name, text }) => [name, text]));
  const { settings } = checkSettings(files.get('probes.json') ?? '', {
    path: '/nowhere/probes.json',
    ownRegion: undefined,
    readFile: (path) => ({ kind: 'text', text: files.get(basename(path)) ?? '' }),
  });
  const planned = settings && planOf(settings).find(({ transaction }) => transaction.name === 'im');
  if (!settings || !planned) throw new Error('the simulator wrote a configuration without im');
  const variables = {
    PILAR_PASSWORD: simulator.users.pilar.password.reveal(),
    KENMYER_PASSWORD: simulator.users.kenmyer.password.reveal(),
  };
  return openProber(settings, { variables }).run(planned, { trigger: 'schedule', region: 'local' });
}

test('a run that fails keeps what went over the wire, without what authenticates; one that succeeds keeps nothing', async () => {
  const succeeded = await run();
  await simulator.setFault('message-488');
  const failed = await run();

  expect(succeeded.trace).toBeUndefined();
  expect(failed.result.outcome).toBe('failure');
  expect(failed.trace).toMatch(/^>>> .*\nREGISTER sip:contoso\.test SIP\/2\.0\n[\s\S]*<<< .*\nSIP\/2\.0 488 /);
  expect(failed.trace).toContain('Authorization: Digest [redacted]');
  expect(failed.trace).not.toMatch(/response=|nonce=/);
});
