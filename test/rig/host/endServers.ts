import { RigError } from '../errors.js';
import type { RigFiles } from '../plan/rigPlan.js';
import type { ServiceName } from '../plan/services.js';
import { noteEnded, signalServer, stillThere } from './processes.js';
import { waitFor } from './waiting.js';

/** How often and how long a server is asked before it is killed. */
const asks = 12;
const betweenAsksMs = 250;
const afterKillMs = 3000;

/** Ends the servers, all at the same time: asks them, and kills what has not ended within three seconds. */
export async function endServers(files: RigFiles, services: readonly ServiceName[]): Promise<void> {
  let left = services;
  const gone = () => {
    left = stillThere(files, services);
    return left.length === 0 ? true : undefined;
  };
  // Asked again because a Kamailio worker that was forked a moment ago can lose the signal (seen in 5.6.3).
  for (let ask = 0; ask < asks && gone() === undefined; ask += 1) {
    for (const service of left) {
      signalServer(files, service, 'SIGTERM');
      // A stopped process takes the signal above only once it continues.
      signalServer(files, service, 'SIGCONT');
    }
    await waitFor(betweenAsksMs, gone);
  }
  killServers(files, left);
  if (!(await waitFor(afterKillMs, gone))) throw new RigError(`${left.join(', ')}: still there after SIGKILL`);
  for (const service of services) noteEnded(files, service);
}

/** Kills at once and without waiting: for the last moments of our own process. */
export function killServers(files: RigFiles, services: readonly ServiceName[]): void {
  for (const service of services) signalServer(files, service, 'SIGKILL');
}
