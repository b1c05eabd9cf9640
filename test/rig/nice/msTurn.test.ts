import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type MsRelay, startMsRelay } from '../../edge-simulator/relay/startMsRelay.js';
import { describeUnlessMissing } from '../describeWithRig.js';
import { findProjectRoot } from '../projectRoot.js';
import { missingForNice } from './availability.js';

const source = 'test/rig/nice/nice-client.c';
const limitMs = 30_000;

describeUnlessMissing(
  'libnice, a client of MS-TURN that was not written here, at the simulated relay',
  missingForNice(),
  () => {
    let folder: string;
    let program: string;
    let relay: MsRelay;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'edge-probes-nice-'));
      program = join(folder, 'nice-client');
      const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'gobject-2.0'], { encoding: 'utf8' });
      const from = join(findProjectRoot(), source);
      const args = ['-O1', from, '-o', program, ...flags.trim().split(/\s+/), '-l:libnice.so.10'];
      execFileSync('cc', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    beforeEach(async () => {
      relay = await startMsRelay();
    });
    afterEach(() => relay.close());

    /** Runs two of its agents; the lines that they said. */
    async function run(transport: 'udp' | 'tls', credentials = relay.credentials()): Promise<readonly string[]> {
      const port = transport === 'udp' ? relay.udpPort : relay.tcpPort;
      const { stdout } = await promisify(execFile)(program, [relay.address, `${port}`, transport], {
        timeout: limitMs,
        env: { PATH: '/usr/bin:/bin', RELAY_USER: credentials.userName, RELAY_PASSWORD: credentials.password },
      }).catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? '' }));
      return stdout.split('\n');
    }

    test.each(['udp', 'tls'] as const)(
      'allocates, and meets another agent through the relay alone: %s',
      async (transport) => {
        const lines = await run(transport);

        expect(lines.filter((line) => line.endsWith(' ready')).toSorted()).toEqual(['first ready', 'second ready']);
        expect(lines.filter((line) => / typ (?!relay)/.test(line))).toEqual([]);
        // It signs as the relay reads it, and takes what the relay signs: nothing was refused, and nothing not understood.
        expect(relay.tally).toMatchObject({ challenged: 2, allocated: 2, refused: {}, unsignedSends: 0, malformed: 0 });
        expect(relay.tally.signedSends).toBeGreaterThan(3);
        await expect.poll(() => relay.allocations).toBe(0);
      },
      limitMs,
    );

    test('exchanges texts over UDP, in messages and through its active destination, and gives the allocations back', async () => {
      const lines = await run('udp');

      expect(lines.filter((line) => line.includes(' received ')).toSorted()).toEqual([
        ...['first received howdy', 'first received through', 'second received hello', 'second received through'],
      ]);
      expect(relay.tally.handedThrough).toBeGreaterThanOrEqual(2);
      expect(relay.tally.released).toBe(2);
    });

    test(
      'gets no allocation with a password that is not the relay’s, nor from a relay that signs with another key',
      async () => {
        const wrong = { ...relay.credentials(), password: Buffer.alloc(20, 7).toString('base64') };
        const refused = await run('udp', wrong);
        const { 431: refusals } = relay.tally.refused;
        relay.set({ wrongIntegrity: true });
        const forged = await run('udp');

        expect([...refused, ...forged].filter((line) => line.includes('candidate'))).toEqual([]);
        expect(refusals).toBeGreaterThan(0);
      },
      2 * limitMs,
    );
  },
);
