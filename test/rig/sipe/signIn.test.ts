import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { describeWithSipe, useSipe } from './describeWithSipe.js';

describeWithSipe('SIPE, a client of Lync that was not written here, at the simulated Lync Edge', () => {
  const startSipe = useSipe();
  let simulator: EdgeSimulator;

  beforeEach(async () => {
    simulator = await startEdgeSimulator({ dialect: 'lync' });
  });
  afterEach(() => simulator.close());

  test.each(['signature-version-2', 'signature-version-3', ''])(
    'signs on with NTLM over TLS, believes every signature and signs off: %s',
    async (fault) => {
      if (fault !== '') await simulator.setFault(fault);
      const client = await startSipe(simulator, 'pilar');
      await client.says(/^signed-on$/);
      // It has read its contacts, its settings and its own state, has published what it is, watches the other user, and has asked for relays.
      await expect
        .poll(() => simulator.state().requests, { timeout: 10_000 })
        .toMatchObject({ SUBSCRIBE: 4, SERVICE: 2 });
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
    const client = await startSipe(simulator, 'pilar', { password: 'wrong' });

    await client.says(/^connection-error/);
    expect(simulator.state()).toMatchObject({ bindings: [], signIns: { pilar: { accepted: 0 } } });
  });

  test('hangs up on an answer whose signature is wrong', async () => {
    await simulator.setFault('signature-wrong');
    const client = await startSipe(simulator, 'pilar');

    await client.says(/signature of incoming message is invalid|^connection-error/);
    expect(client.output).not.toMatch(/^signed-on$/m);
  });

  test.each(['offers-kerberos-only', 'ntlm-weak', 'ntlm-garbage'])(
    'cannot sign on where our client cannot: %s',
    async (fault) => {
      await simulator.setFault(fault);
      const client = await startSipe(simulator, 'pilar');

      await client.says(/^connection-error/);
      expect(simulator.state()).toMatchObject({ bindings: [], signIns: { pilar: { accepted: 0 } } });
    },
  );
});
