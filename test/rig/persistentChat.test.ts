import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectNoStrayErrors } from '../fixtures/strayErrors.js';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';
import { outcomes, type RunOptions, runFolder } from './runFolder.js';

const services: readonly ServiceName[] = ['dns', 'partner'];

describeWithRig('persistent-chat in a room of Prosody', services, () => {
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
  const run = (options: RunOptions = {}) => runFolder(folder, 'persistent-chat', { timeoutMs: 20_000, ...options });

  /** Changes the settings of the transaction. */
  const having = (settings: Record<string, unknown>) => (edge: Record<string, unknown>) => {
    const transactions = edge.transactions as Record<string, Record<string, unknown>>;
    edge.transactions = { 'persistent-chat': { ...transactions['persistent-chat'], ...settings } };
  };

  test('both users see the message of the other, and leave: the next run makes the room anew', async () => {
    const results = [await run(), await run()];

    for (const result of results) {
      expect(result.diagnosis).toBeUndefined();
      expect(result.warnings).toEqual([]);
      expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
      expect(result.observations).toMatchObject({ roomCreated: true });
      expect(result.targetFqdn).toBe('xmpp.partner.test');
    }
  });

  test('a room that is not there is not made where the settings do not say so', async () => {
    const result = await run({ change: having({ create: false }) });

    expect(result.diagnosis).toMatchObject({ code: 'XMPP_ROOM_NOT_FOUND', step: 'join-sender' });
    expect(outcomes(result)).toMatchObject({ 'sign-out-receiver': 'passed', 'sign-out-sender': 'passed' });
  });

  test('a service without rooms of that domain is named', async () => {
    const result = await run({ change: having({ room: 'probes@nowhere.partner.test' }) });

    expect(result.diagnosis).toMatchObject({ code: 'XMPP_ROOM_SERVICE_MISSING', step: 'join-sender' });
  });

  test('a wrong password of the second user is refused there, and the first signs out', async () => {
    const result = await run({ secrets: { BJENSEN_PASSWORD: 'wrong' } });

    expect(result.diagnosis).toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED', step: 'sign-in-receiver' });
    expect(outcomes(result)).toMatchObject({ 'join-sender': 'skipped', 'sign-out-sender': 'passed' });
  });

  test('a server that stands still is silent', async () => {
    await rig().fault.pause('partner');
    const result = await run();

    expect(result.diagnosis).toMatchObject({ code: 'TLS_HANDSHAKE_TIMEOUT', step: 'tls-sender' });
  });
});
