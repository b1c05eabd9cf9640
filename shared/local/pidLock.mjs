import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Takes the lock file for this process, or names the living process that holds it. A file left behind by a process that
 * is gone is replaced.
 */
export function takePidLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = describe(process.pid);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (createWhole(path, mine)) return { kind: 'taken', release: () => releaseLock(path, mine) };
    const found = readLock(path);
    if (found === undefined) continue;
    const pid = Number.parseInt(found, 10);
    if (isAlive(pid) && found === describe(pid)) return { kind: 'held', pid };
    removeStale(path, found);
  }
  throw new Error(`the lock file ${path} could not be taken: remove it when no other process uses this folder`);
}

/** The process and when it began, where the system tells: a number that was given out again is another process. */
function describe(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name stands in brackets and may hold spaces; the start time is the 20th field after it.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}\n`;
  } catch {
    return `${pid}\n`;
  }
}

/** A link appears with its whole content, so that nobody ever reads a half-written lock. */
function createWhole(path, content) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readLock(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Moved aside first: of two processes that judged the same file stale only one can move it. */
function removeStale(path, judged) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readLock(aside) !== judged) createWhole(path, readLock(aside) ?? judged);
  rmSync(aside, { force: true });
}

function releaseLock(path, mine) {
  if (readLock(path) === mine) rmSync(path, { force: true });
}
