import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takePidLock } from './pidLock.mjs';
import { runProgram } from './runProgram.mjs';

const progressEveryMs = 10_000;
const waitForOtherMs = 15 * 60_000;

/**
 * Brings node_modules to what package-lock.json says, with `npm ci` where it differs. Resolves to the end of an install that
 * a signal stopped, else to undefined; throws when npm failed.
 */
export async function installDependencies(root) {
  if (isInstalled(root)) return undefined;
  const lock = await takeInstallLock(join(root, 'dist', '.install.lock'));
  try {
    // The process that was waited for may have done the work.
    if (isInstalled(root)) return undefined;
    const ended = await runNpmCi(root);
    if (ended.signal) return ended;
    if (ended.code !== 0) throw new Error(`npm ci failed (exit code ${ended.code}): its messages are above`);
    writeFileSync(markerOf(root), hashOfLock(root));
    return undefined;
  } finally {
    lock.release();
  }
}

async function takeInstallLock(path) {
  const deadline = performance.now() + waitForOtherMs;
  for (let said = false; ; said = true) {
    const lock = takePidLock(path);
    if (lock.kind === 'taken') return lock;
    if (!said) console.error(`process ${lock.pid} is installing the dependencies: waiting for it`);
    if (performance.now() > deadline)
      throw new Error(`process ${lock.pid} has been installing for 15 minutes: end it and try again`);
    await sleep(500);
  }
}

async function runNpmCi(root) {
  console.error('installing the dependencies (npm ci) ...');
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  const progress = setInterval(() => console.error(`still installing, ${seconds()} s ...`), progressEveryMs);
  try {
    // The development tools build and test this clone, also where NODE_ENV says production.
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
    // Standard output belongs to the program that is started afterwards.
    const options = { cwd: root, stdio: ['ignore', 2, 2] };
    const npmCli = process.env.npm_execpath ?? '';
    if (/npm-cli\.c?js$/.test(npmCli)) return await runProgram(process.execPath, [npmCli, ...args], options);
    return await runProgram('npm', args, { ...options, shell: process.platform === 'win32' });
  } finally {
    clearInterval(progress);
  }
}

const markerOf = (root) => join(root, 'node_modules', '.edge-probes-lock');

function hashOfLock(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** True when this lock file was installed; an install that npm did by itself is recognised by npm's own record. */
function isInstalled(root) {
  const marker = markerOf(root);
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const hash = hashOfLock(root);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return true;
  if (!matches(readPackages(join(root, 'package-lock.json')), readPackages(record))) return false;
  writeFileSync(marker, hash);
  return true;
}

const readPackages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Everything that is wanted is there in that version; what is optional may be missing (it is for another platform). */
function matches(wanted, installed) {
  const paths = Object.keys(wanted).filter((path) => path.startsWith('node_modules/'));
  return paths.every((path) => {
    const { version, optional } = wanted[path];
    return installed[path] === undefined ? optional : installed[path].version === version;
  });
}
