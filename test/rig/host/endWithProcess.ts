import type { RigPlan } from '../plan/rigPlan.js';
import { killServers } from './endServers.js';
import { removeState } from './stateFolder.js';

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** From now on the rig does not outlive this process, however it ends short of SIGKILL. Call the returned function to let it. */
export function endWithProcess(plan: RigPlan): () => void {
  const end = () => {
    killServers(plan.files, plan.settings.services);
    removeState(plan.files);
  };
  const onSignal = (signal: keyof typeof signals) => process.exit(128 + signals[signal]);
  process.once('exit', end);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  return () => {
    process.off('exit', end);
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  };
}
