import { readFileSync } from 'node:fs';

const lookEveryMs = 300;

/** npm passes a SIGTERM on to its shell alone, and that one ends without telling anybody: what loses it was meant, and ends too. */
export function endWithShell() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const shell = process.ppid;
  // It may be gone before this was reached, and its children with the first process of the system, which runs no scripts.
  const lost = shell === 1 && !runsScripts(shell);
  const watch = setInterval(() => {
    if (process.ppid === shell && !lost) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, lookEveryMs);
  watch.unref();
}

/** In a container npm itself may be the first process. */
function runsScripts(pid) {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
    return /(^|\/)(npm|npx|pnpm|yarn|node|sh|bash|dash)$/.test(program);
  } catch {
    return false;
  }
}
