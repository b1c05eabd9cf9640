import { openRig } from '../rig/rig.js';
import { below, type Figure, spread } from './figure.js';
import { rigProber } from './rigProber.js';
import { type BenchWorld, withEndings } from './world.js';

const runs = 20;
const wholeMs = 250;

/** A message across a real gateway and back: Kamailio, its component connection to Prosody, and s2s to another Prosody. */
export function xmppImBench({ folder }: BenchWorld): Promise<readonly Figure[]> {
  return withEndings(async (endings) => {
    const rig = await openRig({ services: ['dns', 'sip1', 'xmpp1', 'partner'] });
    endings.push(() => rig.down());
    const run = await rigProber(rig, folder, 'xmpp-im');
    // The first one opens the stream between the two servers.
    await run();
    const whole: number[] = [];
    const back: number[] = [];
    for (let count = 0; count < runs; count += 1) {
      const begunAt = performance.now();
      const { steps } = await run();
      whole.push(performance.now() - begunAt);
      const crossing = steps.filter(({ name }) => /^(?:send|receive)-(?:message|reply)$/.test(name));
      back.push(crossing.reduce((sum, step) => sum + (step.outcome === 'passed' ? step.ms : 0), 0));
    }
    return [
      below('both sign-ins, the message, its reply, and signing out, wall clock', whole, wholeMs, 'ms'),
      { what: 'of that the message and its reply', measured: spread(back, 'ms') },
    ];
  });
}
