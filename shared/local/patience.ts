import type { HostLog } from './host/hostLog.js';

const firstAfterMs = 3_000;

/** Says every few seconds what is being waited for, as long as `work` lasts; settles as it does. */
export async function patiently<T>(what: string, work: Promise<T>, log: HostLog, everyMs = firstAfterMs): Promise<T> {
  const begun = performance.now();
  const say = () => {
    const seconds = Math.round((performance.now() - begun) / 1000);
    log({ level: 'information', source: 'host', text: `still waiting for ${what}, ${seconds} s ...` });
  };
  const timer = setInterval(say, everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
