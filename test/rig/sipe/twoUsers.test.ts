import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { describeWithSipe, useSipe } from './describeWithSipe.js';

describeWithSipe('Two users of SIPE at the simulated Lync Edge', () => {
  const startSipe = useSipe();
  let simulator: EdgeSimulator;

  beforeEach(async () => {
    simulator = await startEdgeSimulator({ dialect: 'lync' });
  });
  afterEach(() => simulator.close());

  async function bothSignedOn() {
    const pilar = await startSipe(simulator, 'pilar');
    await pilar.says(/^signed-on$/);
    const kenmyer = await startSipe(simulator, 'kenmyer');
    await kenmyer.says(/^signed-on$/);
    return { pilar, kenmyer };
  }

  test.each(['signature-version-3', ''])(
    "see each other's presence change and exchange messages both ways: %s",
    async (fault) => {
      if (fault !== '') await simulator.setFault(fault);
      const { pilar, kenmyer } = await bothSignedOn();

      await pilar.says(/^buddy sip:kenmyer@contoso\.test available/);
      kenmyer.setStatus('busy', 'Counting sheep & goats');
      await pilar.says(/^buddy sip:kenmyer@contoso\.test busy .*Counting sheep & goats/);
      pilar.setStatus('do-not-disturb', 'Listening');
      await kenmyer.says(/^buddy sip:pilar@contoso\.test do-not-disturb .*Listening/);
      pilar.sendMessage('sip:kenmyer@contoso.test', 'Is anybody there?');
      await kenmyer.says(/^im sip:pilar@contoso\.test .*Is anybody there\?/);
      kenmyer.sendMessage('sip:pilar@contoso.test', 'Somebody is.');
      await pilar.says(/^im sip:kenmyer@contoso\.test .*Somebody is\./);

      expect(simulator.state()).toMatchObject({
        malformed: 0,
        disbelievedResponses: 0,
        dialogs: 1,
        requestsOnTheirWay: 0,
      });
      // Nothing but the legs of the two sign-ins was challenged: every request was signed as the simulator reads it.
      expect(simulator.state().answers).toMatchObject({ 401: 4 });
    },
  );

  test('tell each other when one of them signs off', async () => {
    const { pilar, kenmyer } = await bothSignedOn();
    await pilar.says(/^buddy sip:kenmyer@contoso\.test available/);

    kenmyer.setStatus('busy', 'About to leave');
    await pilar.says(/^buddy sip:kenmyer@contoso\.test busy/);
    await kenmyer.close();

    await pilar.says(/^buddy sip:kenmyer@contoso\.test offline .*About to leave/);
    expect(simulator.state()).toMatchObject({ bindings: [{ addressOfRecord: 'sip:pilar@contoso.test' }] });
  });
});
