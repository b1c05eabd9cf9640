import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were taken on, in one line: without it they mean little. */
export function machineFacts(): string {
  const [first] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  const load = loadavg()[0]?.toFixed(2) ?? '?';
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${memory}, ${process.platform} ${release()}, Node ${process.versions.node}, load ${load} at the start`;
}
