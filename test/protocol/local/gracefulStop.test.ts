import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { makeDeployedFolder } from './deployedFolder.js';
import { eventually, type LocalFolder } from './localFolder.js';

/** Every answer comes this late: a run is then in the middle of signing in for as long, and of signing out too. */
const lateMs = 2_000;

let folder: LocalFolder;
let simulator: EdgeSimulator;
beforeAll(async () => {
  simulator = await startEdgeSimulator({ faults: [`late-answer=${lateMs}`] });
  const account = { user: 'pilar', passwordVariable: 'PILAR_PASSWORD' } as const;
  folder = await makeDeployedFolder([{ name: 'contoso', simulator, schedule: '* * * * * *', ...account }]);
}, 30_000);
afterAll(async () => {
  await simulator.close();
  folder.remove();
});

/** What the simulator knows of the account: its bindings, and how often its credentials were accepted. */
function seen(): { readonly bindings: number; readonly accepted: number; readonly open: number } {
  const state = simulator.state();
  const { pilar = { accepted: 0 } } = state.signIns as Record<string, { readonly accepted: number }>;
  return {
    bindings: (state.bindings as readonly unknown[]).length,
    accepted: pilar.accepted,
    open: state.connections.open,
  };
}

const until = (what: string, wanted: (now: ReturnType<typeof seen>) => boolean) =>
  eventually(
    () => (wanted(seen()) ? seen() : undefined),
    () => `${what}: ${JSON.stringify(seen())}`,
  );

test('Ctrl-C in the middle of signing in signs out first, over the same connection, and notes the result', async () => {
  const local = folder.start({ PILAR_PASSWORD: simulator.users.pilar.password.reveal() });
  await until('nobody was bound', ({ bindings }) => bindings === 1);

  local.kill('SIGINT');
  const signedOut = await until('nobody signed out', ({ accepted }) => accepted === 2);
  const end = await local.exited;

  // Gone while the connection is still there: removed by a REGISTER, not by the connection's end.
  expect(signedOut).toEqual({ bindings: 0, accepted: 2, open: 1 });
  expect(end).toBe(0);
  expect(local.output).toContain('ending 1 in progress, each with its clean-up ...');
  expect(local.output).toContain('contoso/registration  inconclusive');
  expect(local.output).toContain('PROBER_RUN_ABORTED: the prober was stopped while the run was going on');
  expect(local.output).not.toContain('stopping without');
});
