import { createServer, type Server } from 'node:net';
import { RigError } from '../errors.js';
import { waitFor } from './waiting.js';

const longestWaitMs = 120_000;

/**
 * Runs `work` while nobody else, in this process or another, works on the rig at `state`.
 * The lock is a name in Linux's abstract socket namespace: the kernel frees it when its holder dies, so it is never stale.
 */
export async function withLock<Result>(state: string, work: () => Promise<Result>): Promise<Result> {
  const held = await waitFor(longestWaitMs, () => tryLock(`\0edge-probes-rig:${state}`), 50);
  if (held === undefined)
    throw new RigError(`another rig command has been busy with ${state} for ${longestWaitMs / 1000} s`);
  try {
    return await work();
  } finally {
    await new Promise((closed) => held.close(closed));
  }
}

function tryLock(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server));
  });
}
