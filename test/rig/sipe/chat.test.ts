import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { scopeFor } from '../../fakes/fakeScope.js';
import { describeWithSipe, useSipe } from './describeWithSipe.js';
import { openOurChat } from './ourChat.js';

const domain = 'contoso.test';
const room = { domain, id: '8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f10' };
const address = `ma-chan://${domain}/${room.id}`;
const [pilar, kenmyer] = ['sip:pilar@contoso.test', 'sip:kenmyer@contoso.test'];

describeWithSipe('SIPE in a chat room of the simulated Lync Edge', () => {
  const startSipe = useSipe();
  let simulator: EdgeSimulator;

  beforeEach(async () => {
    simulator = await startEdgeSimulator({ dialect: 'lync' });
  });
  afterEach(() => simulator.close());

  function participants(): unknown {
    const { chatRooms } = simulator.state();
    return (chatRooms as { name: string; participants: string[] }[])[0]?.participants;
  }

  test('finds the server, enters, is shown what was written before, and leaves', async () => {
    const sipe = await startSipe(simulator, 'pilar');
    await sipe.says(/^signed-on$/);

    sipe.joinRoom(address);
    await sipe.says(/^joined Probe room$/);
    await sipe.says(/^chat sip:adelaney@contoso\.test .*Edge Probes of yesterday/);
    expect(simulator.state().chatSessions).toEqual(['pilar gc01']);
    expect(participants()).toEqual(['pilar']);

    sipe.leaveRoom();
    await expect.poll(participants).toEqual([]);
    await sipe.close();
    expect(simulator.state()).toMatchObject({ chatSessions: [], malformed: 0, disbelievedResponses: 0 });
  });

  test('and our client see each other come, write and go', async () => {
    const sipe = await startSipe(simulator, 'pilar');
    await sipe.says(/^signed-on$/);
    sipe.joinRoom(address);
    await sipe.says(/^joined Probe room$/);
    const ours = await openOurChat(simulator, 'kenmyer');
    await ours.chat.join(await ours.chat.findRoom('Probe room', scopeFor(20_000)), scopeFor(20_000));
    await sipe.says(/^entered sip:kenmyer@contoso\.test$/);

    const mine = { room, from: kenmyer, to: pilar, token: 'f00d', text: 'Grüße f00d: <b>&amp; "quoted"</b> 你好' };
    await ours.chat.post(mine, scopeFor(20_000));
    await sipe.says(
      /^chat sip:kenmyer@contoso\.test Grüße f00d: &lt;b&gt;&amp;amp; &quot;quoted&quot;&lt;\/b&gt; 你好$/,
    );
    sipe.sayInRoom('Somebody answers: cafe.');
    const theirs = { room, from: pilar, to: kenmyer, token: 'cafe', text: 'Somebody answers: cafe.' };
    await ours.chat.receive(theirs, scopeFor(20_000));

    await ours.close();
    await sipe.says(/^went sip:kenmyer@contoso\.test$/);
    expect(participants()).toEqual(['pilar']);
    // Nothing but the legs of the two sign-ins was challenged: both sign every request as the simulator reads it.
    expect(simulator.state()).toMatchObject({ malformed: 0, disbelievedResponses: 0, answers: { 401: 4 } });
  });

  test('is not let into a room that it is no member of', async () => {
    const sipe = await startSipe(simulator, 'pilar');
    // Before that it would ask for several rooms at once, of which those that it may not enter are left out without a word.
    await sipe.says(/'rpl:getinv' result \(200\) SUCCESS_OK/);

    sipe.joinRoom(`ma-chan://${domain}/8f5ad6a8-7c50-4a3c-9e47-2d1c6d4b9f12`);
    await sipe.says(/rpl:join' result \(403\) FAILURE_ACCESS_DENIED/);
    expect(sipe.output).not.toMatch(/^joined /m);
  });
});
