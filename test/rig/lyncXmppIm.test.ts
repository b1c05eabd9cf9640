import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EdgeSimulator, startEdgeSimulator } from '../edge-simulator/startEdgeSimulator.js';
import { expectNoStrayErrors } from '../fixtures/strayErrors.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';
import { outcomes, type RunOptions, runFolder } from './runFolder.js';

/** Without Kamailio: the simulated front end takes its place beside the Edge's Prosody. */
const services: readonly ServiceName[] = ['dns', 'xmpp1', 'partner'];

describeWithRig('xmpp-im from the simulated Lync Edge over two real XMPP servers', services, () => {
  expectNoStrayErrors();
  const rig = useRig({ services });
  let simulator: EdgeSimulator;
  let folder: string;
  beforeAll(async () => {
    const { edges, component } = rig().endpoints;
    const xmppServer = { host: edges[0]?.address ?? '', ...component };
    simulator = await startEdgeSimulator({ dialect: 'lync', xmppServer });
  });
  afterAll(() => simulator?.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-rig-'));
    rig().writeConfig(folder);
    appendFileSync(join(folder, 'ca.pem'), `\n${simulator.ca}\n`);
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await rig().fault.clear();
  });

  const run = ({ receiver: more = {}, secrets = {} }: { receiver?: object; secrets?: RunOptions['secrets'] } = {}) =>
    runFolder(folder, 'xmpp-im', {
      timeoutMs: 40_000,
      secrets: { PILAR_PASSWORD: simulator.users.pilar.password.reveal(), ...secrets },
      change: (edge) => {
        const { host, address, port, transport, users } = simulator;
        const { sipAddress, userName } = users.pilar;
        const first = { sipAddress, userName, password: { env: 'PILAR_PASSWORD' } };
        const receiver = { jid: 'adelaney@partner.test', password: { env: 'ADELANEY_PASSWORD' }, ...more };
        const transactions = { 'xmpp-im': { receiver } };
        Object.assign(edge, { dialect: 'lync', accessEdge: { host, address, port, transport } });
        Object.assign(edge, { accounts: { first }, transactions });
      },
    });

  test('the message arrives, the reply comes back into the session, and both sign out', async () => {
    const result = await run();

    expect(result.diagnosis).toBeUndefined();
    expect(result.warnings).toEqual([]);
    expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
    expect(outcomes(result)).toMatchObject({ invite: 'passed', 'receive-reply': 'passed', 'hang-up': 'passed' });
    expect(result.observations).toMatchObject({ senderAtPartner: 'pilar@contoso.test' });
    const log = rig().log('partner', 400);
    expect(log).toContain('Incoming s2s connection contoso.test->partner.test complete');
    expect(log).toContain('Outgoing s2s connection partner.test->contoso.test complete');
  });

  test('an XMPP server of the Edge that is gone leaves the gateway without a way, until it is back', async () => {
    await rig().fault.stop('xmpp1');
    const gone = await run();
    await rig().fault.start('xmpp1');
    await expect.poll(async () => (await run()).outcome, { timeout: 20_000, interval: 500 }).toBe('success');

    expect(gone.diagnosis).toMatchObject({ code: 'XMPP_GATEWAY_UNAVAILABLE', step: 'invite' });
    expect(outcomes(gone)).toMatchObject({ 'sign-out-receiver': 'passed', 'unregister-sender': 'passed' });
  });

  test('a message that the partner returns ends the session', async () => {
    const result = await run({ receiver: { sipAddress: 'sip:nobody@partner.test' } });

    expect(result.diagnosis).toMatchObject({ code: 'IM_SESSION_ENDED', step: 'receive-message' });
    expect(result.diagnosis?.serverDiagnosis).toMatch(/^reason: SIP;cause=480;text="XMPP: [a-z-]+"$/);
  });

  test('a wrong password of the receiver is refused by the real server', async () => {
    const result = await run({ secrets: { ADELANEY_PASSWORD: 'wrong' } });

    expect(result.diagnosis).toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED', step: 'sign-in-receiver' });
    expect(simulator.state().gatewaySessions).toEqual([]);
  });
});
