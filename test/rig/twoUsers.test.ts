import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeWithRig, useRig } from './describeWithRig.js';
import type { ServiceName } from './plan/services.js';
import { connectToEdge, nonceOf, register } from './rawSip.js';
import { outcomes, type RunOptions, runFolder } from './runFolder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-probes-rig-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (transaction: string, options?: RunOptions) => runFolder(folder, transaction, options);

/** What would outlive a run. */
function leftovers(): { readonly sockets: number; readonly timers: number } {
  const active = process.getActiveResourcesInfo();
  return {
    sockets: active.filter((name) => /TCPSocketWrap|TLSWrap/.test(name)).length,
    timers: active.filter((name) => name === 'Timeout').length,
  };
}

const oneEdge: readonly ServiceName[] = ['dns', 'sip1'];

describeWithRig('two users at Kamailio', oneEdge, () => {
  const rig = useRig({ services: oneEdge });
  beforeEach(() => rig().writeConfig(folder));
  afterEach(() => rig().fault.clear());

  /** Everything that Kamailio holds of presence. */
  const published = () => rig().kamailio(['presence.presentity_list', 'basic']);

  describe.each(['presence', 'im'])('%s', (transaction) => {
    test('succeeds, every step timed, and leaves nobody signed in', async () => {
      const result = await run(transaction);

      expect(result).toMatchObject({ outcome: 'success', warnings: [], targetFqdn: 'sip.contoso.test' });
      expect(new Set(Object.values(outcomes(result)))).toEqual(new Set(['passed']));
      expect(result.steps.every((step) => 'ms' in step && step.ms >= 0)).toBe(true);
      expect(await rig().contacts()).toEqual([]);
    });

    test('signs the first user out again when the password of the second is refused', async () => {
      const result = await run(transaction, { secrets: { KENMYER_PASSWORD: 'wrong' } });

      expect(result.diagnosis).toMatchObject({ code: 'AUTH_CREDENTIALS_REJECTED', fault: 'target' });
      expect(result.diagnosis?.step).toMatch(/^register-(?:publisher|receiver)$/);
      expect(await rig().contacts()).toEqual([]);
    });

    test('leaves no socket, no timer and no registration behind after two hundred runs in one process', async () => {
      for (let count = 0; count < 200; count += 1) expect((await run(transaction)).diagnosis).toBeUndefined();

      // A socket is gone a moment after it was destroyed; of the timers two may be the test's own.
      await vi.waitFor(() => expect(leftovers().sockets).toBe(0));
      expect(leftovers().timers).toBeLessThanOrEqual(2);
      expect(await rig().contacts()).toEqual([]);
    }, 180_000);
  });

  test('presence leaves nothing published', async () => {
    const before = await published();
    await run('presence');

    expect(await published()).toBe(before);
  });

  test('presence fails at the sign-in of a publisher of another domain', async () => {
    const second = {
      sipAddress: 'sip:kenmyer@elsewhere.test',
      userName: 'kenmyer',
      password: { env: 'KENMYER_PASSWORD' },
    };
    const result = await run('presence', {
      change: (edge) => Object.assign(edge, { accounts: Object.assign({}, edge.accounts, { second }) }),
    });

    expect(result.outcome).toBe('failure');
    expect(result.diagnosis?.step).toBe('register-publisher');
  });

  test('im passes while the receiver is signed in elsewhere too and does not answer there', async () => {
    const [, kenmyer] = rig().endpoints.sip.users;
    const socket = await connectToEdge(rig().endpoints);
    const credentials = { user: 'kenmyer', password: kenmyer?.password ?? '', expires: 60 };
    const nonce = nonceOf(await register(socket, credentials));
    await register(socket, { ...credentials, nonce });
    const heard: string[] = [];
    socket.on('data', (data) => heard.push(data.toString()));

    const result = await run('im');

    expect(result).toMatchObject({ outcome: 'success', warnings: [] });
    expect(heard.join('')).toMatch(/^MESSAGE sip:kenmyer@/);
    expect((await rig().contacts()).map(({ user }) => user)).toEqual(['kenmyer']);
    socket.destroy();
  });
});
