import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectNoStrayErrors } from '../fixtures/strayErrors.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';
import { outcomes, type RunOptions, runFolder } from './runFolder.js';

const services: readonly ServiceName[] = ['dns', 'sip1', 'xmpp1', 'partner'];

describeWithRig('xmpp-im from Kamailio over its gateway and Prosody to another Prosody', services, () => {
  expectNoStrayErrors();
  const rig = useRig({ services });
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'edge-probes-rig-'));
    await rig().writeConfig(folder);
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await rig().fault.clear();
  });
  const run = (options: RunOptions = {}) => runFolder(folder, 'xmpp-im', { timeoutMs: 40_000, ...options });

  test('the message arrives, the reply comes back, and both sign out', async () => {
    const result = await run();

    expect(result.diagnosis).toBeUndefined();
    expect(result.warnings).toEqual([]);
    expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
    expect(result.observations).toMatchObject({ receiver: { saslMechanism: 'SCRAM-SHA-256' } });
    expect(String(result.observations.senderAtPartner)).toMatch(/^pilar@contoso\.test/);
    expect(await rig().contacts()).toEqual([]);
  });

  test('without the password of the receiver the sending is all that is seen, and a warning says so', async () => {
    const result = await run({
      change: (edge) =>
        Object.assign(edge, { transactions: { 'xmpp-im': { receiver: { jid: 'adelaney@partner.test' } } } }),
    });

    expect(result).toMatchObject({
      outcome: 'success',
      warnings: [{ code: 'XMPP_DELIVERY_UNSEEN', step: 'send-message', degrades: false }],
    });
    expect(outcomes(result)).toMatchObject({ 'sign-in-receiver': 'skipped', 'send-message': 'passed' });
  });

  test('a stopped XMPP server of the Edge is told from a message that was not delivered', async () => {
    await rig().fault.stop('xmpp1');
    const result = await run();

    expect(result.diagnosis).toMatchObject({ code: 'XMPP_GATEWAY_DOWN', step: 'receive-message' });
    expect(result.diagnosis?.error).toMatch(
      /^the message of sip:pilar@contoso\.test to adelaney@partner\.test was taken, but did not arrive within 10000 ms; the XMPP route of the Edge does not work: /,
    );
    expect(outcomes(result)).toMatchObject({ 'sign-out-receiver': 'passed', 'unregister-sender': 'passed' });
  });

  test('a wrong password of the receiver is refused there, once', async () => {
    const result = await run({ secrets: { ADELANEY_PASSWORD: 'wrong' } });

    expect(result.diagnosis).toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED', step: 'sign-in-receiver' });
    expect(outcomes(result)).toMatchObject({ 'send-message': 'skipped', 'unregister-sender': 'passed' });
  });

  test('a paused server of the receiver is silent', async () => {
    await rig().fault.pause('partner');
    const result = await run();

    expect(result.diagnosis?.step).toBe('tls-receiver');
    expect(result.diagnosis?.code).toBe('TLS_HANDSHAKE_TIMEOUT');
  });

  test('a receiver that is signed in as one user and written to as another does not get the message', async () => {
    const receiver = {
      jid: 'adelaney@partner.test',
      sipAddress: 'sip:bjensen@partner.test',
      password: { env: 'ADELANEY_PASSWORD' },
    };
    const result = await run({
      change: (edge) => Object.assign(edge, { transactions: { 'xmpp-im': { receiver } } }),
    });

    expect(result.diagnosis).toMatchObject({ code: 'XMPP_MESSAGE_NOT_DELIVERED', step: 'receive-message' });
  });
});
