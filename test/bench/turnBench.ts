import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openRig, type Rig } from '../rig/rig.js';
import { below, type Figure, spread } from './figure.js';
import { rigProber } from './rigProber.js';
import { median } from './statistics.js';
import { type BenchWorld, withEndings } from './world.js';

const rounds = 5;
const runs = 20;
const wholeMs = 50;
const sampleMs = 1_500;

/** What a relay costs to probe: one round trip through it, a sample of fifty packets, and the same by coturn's own client. */
export function turnBench({ folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const rig = await openRig({ services: ['dns', 'turn1'] });
    endings.push(() => rig.down());
    const ours = { udp: await prober(rig, folder, 1), fifty: await prober(rig, folder, 50) };
    await ours.udp();
    const whole: number[] = [];
    const sample: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (let run = 0; run < runs; run += 1) whole.push(await ours.udp());
      sample.push(await ours.fifty());
      peer.push(await uclient(rig));
    }
    const ratio = median(peer) / median(whole);
    return [
      below('resolve to release over UDP, one packet there and back, wall clock', whole, wholeMs, 'ms'),
      below('the same with a sample of fifty packets', sample, sampleMs, 'ms', 0),
      { what: 'turnutils_uclient -n 1, wall clock', measured: spread(peer, 'ms', 0) },
      { what: 'that is slower by a factor of', measured: ratio.toFixed(0) },
    ];
  });
}

/** Runs av-edge over UDP and TCP and tells how long all the steps over UDP took, their pauses included. Throws when it fails. */
async function prober(rig: Rig, parent: string, packets: number): Promise<() => Promise<number>> {
  const run = await rigProber(rig, join(parent, `${packets}`), 'av-edge', { packets });
  return async () => {
    const begunAt = performance.now();
    let endedAt = begunAt;
    await run({
      onStep: (event) => {
        if (event.kind === 'ended' && event.result.name === 'release-udp') endedAt = performance.now();
      },
    });
    return endedAt - begunAt;
  };
}

/** coturn's own client: one message through an allocation and back. */
async function uclient({ endpoints }: Rig): Promise<number> {
  const { turn, ports, edges } = endpoints;
  const address = edges[0]?.address ?? '';
  const begunAt = performance.now();
  const args = ['-u', turn.user, '-w', turn.password, '-p', `${ports.turn}`, '-n', '1', '-m', '1', '-y', address];
  await promisify(execFile)('turnutils_uclient', args, { timeout: 60_000 });
  return performance.now() - begunAt;
}
