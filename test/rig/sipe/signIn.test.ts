import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { describeWithSipe } from './describeWithSipe.js';
import { buildSipeClient, SipeClient, type SipeUser } from './sipeClient.js';

describeWithSipe('SIPE, a client of Lync that was not written here, at the simulated Lync Edge', () => {
  let folder: string;
  let program: string;
  let simulator: EdgeSimulator;
  const clients: SipeClient[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-sipe-build-'));
    program = buildSipeClient(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    simulator = await startEdgeSimulator({ dialect: 'lync' });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await simulator.close();
  });

  async function start(change: Partial<SipeUser> = {}): Promise<SipeClient> {
    const { sipAddress, userName, password } = simulator.users.pilar;
    const user = { sipAddress, login: userName, password: password.reveal(), ...change };
    const client = await SipeClient.start(program, user, simulator);
    clients.push(client);
    return client;
  }

  test.each(['signature-version-2', 'signature-version-3', ''])(
    'signs on with NTLM over TLS, believes every signature and signs off: %s',
    async (fault) => {
      if (fault !== '') await simulator.setFault(fault);
      const client = await start();
      await client.says(/^signed-on$/);
      // Its first three subscriptions were answered, too.
      await expect.poll(() => simulator.state(), { timeout: 5000 }).toMatchObject({ inBandRequests: 3 });
      const bound = simulator.state();
      await client.close();

      expect(bound).toMatchObject({
        bindings: [{ addressOfRecord: 'sip:pilar@contoso.test' }],
        signIns: { pilar: { accepted: 1, refused: 0 } },
        malformed: 0,
      });
      expect(client.output.match(/signature of incoming message validated/g)?.length).toBeGreaterThanOrEqual(4);
      expect(client.output).not.toMatch(/^connection-error/m);
      // Every request was signed as the simulator reads it: nothing but the two legs of the sign-in was answered 401.
      expect(simulator.state()).toMatchObject({ bindings: [], answers: { 401: 2 } });
    },
  );

  test('is refused with a wrong password, and does not get in', async () => {
    const client = await start({ password: 'wrong' });

    await client.says(/^connection-error/);
    expect(simulator.state()).toMatchObject({ bindings: [], signIns: { pilar: { accepted: 0 } } });
  });

  test('hangs up on an answer whose signature is wrong', async () => {
    await simulator.setFault('signature-wrong');
    const client = await start();

    await client.says(/signature of incoming message is invalid|^connection-error/);
    expect(client.output).not.toMatch(/^signed-on$/m);
  });

  test.each(['offers-kerberos-only', 'ntlm-weak', 'ntlm-garbage'])(
    'cannot sign on where our client cannot: %s',
    async (fault) => {
      await simulator.setFault(fault);
      const client = await start();

      await client.says(/^connection-error/);
      expect(simulator.state()).toMatchObject({ bindings: [], signIns: { pilar: { accepted: 0 } } });
    },
  );
});
