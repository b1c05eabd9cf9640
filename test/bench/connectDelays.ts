import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './children.js';
import { type Figure, spread } from './figure.js';
import { median } from './statistics.js';
import type { StepTimes } from './stepTimes.js';

const samples = 5;
const childWithinMs = 5_000;
/** Longer than it takes to fill the queue and start a run, shorter than the system's second SYN. */
const standstillMs = 500;
/** More than the queue of the listener holds. */
const fillers = 4;

/**
 * The handshake of TCP is the system's: on loopback it can only be delayed by a listener whose queue is full. The system then
 * drops the SYN and sends it again after about a second, when there is room. A plain connection of the same moment tells how
 * long that was.
 */
export async function connectDelays(
  target: number,
  probe: (port: number) => Promise<StepTimes>,
  all: StepTimes[],
): Promise<readonly Figure[]> {
  if (process.platform !== 'linux') return [];
  const child = startChild('child:standstill', { input: { target } });
  try {
    const port = await child.next<number>(childWithinMs);
    await probe(port);
    const pairs: { readonly step: number; readonly plain: number }[] = [];
    for (let count = 0; count < samples; count += 1) {
      child.tell(`${standstillMs}`);
      await child.next<string>(childWithinMs);
      await sleep(30);
      const queue = Array.from({ length: fillers }, () => connect(port, '127.0.0.1').on('error', () => undefined));
      await sleep(30);
      const [run, plain] = await Promise.all([probe(port), plainConnect(port)]);
      for (const socket of queue) socket.destroy();
      all.push(run);
      pairs.push({ step: run.steps.get('connect') ?? 0, plain });
    }
    return [figureOf(pairs)];
  } finally {
    await child.end();
  }
}

function figureOf(pairs: readonly { readonly step: number; readonly plain: number }[]): Figure {
  const differences = pairs.map(({ step, plain }) => step - plain);
  return {
    what: `TCP accept about ${Math.round(median(pairs.map(({ plain }) => plain)))} ms late: "connect" minus a plain connection`,
    measured: spread(differences, 'ms'),
    goal: 'within 5 ms',
    reached: Math.abs(median(differences)) <= 5,
  };
}

/** How long a connection takes that nobody else measures. */
function plainConnect(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // The run sleeps this long before it begins.
    setTimeout(() => {
      const begunAt = performance.now();
      const socket = connect(port, '127.0.0.1', () => {
        resolve(performance.now() - begunAt);
        socket.destroy();
      });
      socket.on('error', reject);
    }, 20);
  });
}
