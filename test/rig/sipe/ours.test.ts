import { afterEach, beforeEach, expect, test } from 'vitest';
import { Conversation } from '../../../shared/protocols/lync/im/conversation.js';
import { invitationHeaders } from '../../../shared/protocols/lync/im/establish.js';
import { type EdgeSimulator, startEdgeSimulator } from '../../edge-simulator/startEdgeSimulator.js';
import { describeWithSipe, useSipe } from './describeWithSipe.js';
import { type OurClient, openOurClient, patient } from './ourClient.js';
import type { SipeClient } from './sipeClient.js';

const pilar = 'sip:pilar@contoso.test';
const kenmyer = 'sip:kenmyer@contoso.test';
/** As the probes write it: letters beyond ASCII and markup. */
const text = 'Grüße f00d: 你好 <b>&amp; "quoted"</b> ✓';
/** The same as SIPE shows it, which takes a text for one and not for markup. */
const shown = /Grüße f00d: 你好 &lt;b&gt;&amp;amp; &quot;quoted&quot;&lt;\/b&gt; ✓/;

describeWithSipe('SIPE and our client at the simulated Lync Edge', () => {
  const startSipe = useSipe();
  let simulator: EdgeSimulator;
  let sipe: SipeClient;
  let ours: OurClient;

  beforeEach(async () => {
    simulator = await startEdgeSimulator({ dialect: 'lync' });
    sipe = await startSipe(simulator, 'pilar');
    await sipe.says(/^signed-on$/);
    ours = await openOurClient(simulator, 'kenmyer');
  });
  afterEach(async () => {
    await ours.close();
    await sipe.close();
    // Both sign as the simulator reads it: nothing but the legs of the two sign-ins was challenged.
    expect(simulator.state()).toMatchObject({
      malformed: 0,
      disbelievedResponses: 0,
      answers: { 401: 4 },
      bindings: [],
    });
    await simulator.close();
  });

  /** What SIPE shows of our user at the moment. */
  function buddyOfSipe(): string {
    const lines = sipe.output.split('\n').filter((line) => line.startsWith(`buddy ${kenmyer} `));
    return lines.at(-1) ?? '';
  }

  /** The next text that our side of a session is sent. */
  async function nextText(conversation: Conversation): Promise<string | undefined> {
    const arrival = await conversation.nextMessage(patient());
    return arrival.kind === 'item' ? arrival.item.text : arrival.kind;
  }

  test('SIPE sees the note that our client publishes, and sees it go', async () => {
    const own = ours.user.openPresence();
    const self = own.openSelfSubscription();
    await self.begin(patient());
    const note = own.openNote();

    await note.publish('Edge Probes f00d <&> Grüße', patient());
    await sipe.says(/^buddy sip:kenmyer@contoso\.test \S+ .*Edge Probes f00d <&> Grüße/);

    await note.remove(patient());
    await self.end(patient());
    await expect.poll(buddyOfSipe, { timeout: 10_000 }).not.toContain('f00d');
  });

  test('our client sees the note that SIPE publishes', async () => {
    const watch = ours.user.openPresence().openWatch(pilar);
    await watch.subscribe(patient());

    sipe.setStatus('busy', 'Counting sheep & goats');

    await watch.awaitNote({ entity: pilar, text: 'Counting sheep & goats' }, patient());
    await watch.end(patient());
  });

  test('they exchange a pair of messages in a session that our client opens', async () => {
    const call = ours.user.openCall(pilar);
    call.start({ headers: invitationHeaders('4711'), body: ours.user.describeSession('null') }, patient());
    expect(await call.answered(patient())).toMatchObject({ kind: 'response', status: 200 });
    const conversation = new Conversation(call.dialog, ours.user.peer);

    expect(await conversation.send(text, undefined, patient())).toBe(200);
    await sipe.says(new RegExp(`^im ${kenmyer} .*${shown.source}`));
    sipe.sendMessage(kenmyer, 'Somebody answers: cafe.');
    expect(await nextText(conversation)).toContain('Somebody answers: cafe.');

    expect(await call.end(patient())).toMatchObject({ kind: 'response', status: 200 });
  });

  test('they exchange a pair of messages in a session that SIPE opens', async () => {
    const invitation = ours.user.expectCall(() => true);

    sipe.sendMessage(kenmyer, 'Is anybody there? cafe');
    expect(await invitation.rung(patient())).toMatchObject({ kind: 'item' });
    invitation.accept({ body: ours.user.describeSession(kenmyer) });
    const { dialog } = invitation;
    if (!dialog) throw new Error('nothing rang');
    const conversation = new Conversation(dialog, ours.user.peer);
    expect(await nextText(conversation)).toContain('Is anybody there? cafe');
    expect(await conversation.send(text, undefined, patient())).toBe(200);
    await sipe.says(new RegExp(`^im ${kenmyer} .*${shown.source}`));

    expect(await invitation.end(patient())).toMatchObject({ kind: 'response', status: 200 });
  });
});
